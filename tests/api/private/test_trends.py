"""Trends count what somebody may see."""

from tests.api.private.world import World


async def test_who_may_not_see_a_mailbox_is_told_of_the_rest(private: World) -> None:
    async with private.as_("olga") as olga, private.as_("otto") as otto:
        for api in (olga, otto):
            [today] = (await api.get("/trends", days=1))["days"]
            assert today["open"] == (await api.get("/tasks", limit=1, count=True))["total"]
        theirs = {each["integration"] for each in (await otto.get("/trends/integrations"))["items"]}
        assert theirs == {each["id"] for each in (await otto.get("/integrations"))["items"]}
        assert theirs.isdisjoint(private.hidden["integration_id"])
