"""What people bring in beside the sample company stays theirs when the sample is cleared."""

from app.workflows.sample import loading
from tests.api.client import Api, locations, mbox, message, problem
from tests.api.test_sample import SAMPLE, loaded


async def test_nothing_of_ones_own_is_imported_into_the_sample(api: Api) -> None:
    await loaded(api)
    name = loading.NAMES["mbox"]

    refused = problem(await api.upload(mbox(message("My own contract")), into=name), 422)

    assert refused["detail"] == f"{name} holds the sample data: import into another name."
    assert locations(refused) == ["into"]
    await api.import_mail(message("My own contract"))
    assert (await api.http.delete(SAMPLE)).status_code == 204
    assert await api.titles() == ["My own contract"]
