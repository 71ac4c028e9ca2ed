"""The words of dates in English, German, French and Spanish, in lower case."""

MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner jaenner janvier janv enero ene",
            "february feb februar febr feber février fevrier févr fevr fév febrero",
            "march mar märz maerz mär mrz mars marzo",
            "april apr avril avr abril abr",
            "may mai mayo",
            "june jun juni juin junio",
            "july jul juli juillet juil julio",
            "august aug août aout agosto ago",
            "september sep sept septembre septiembre setiembre",
            "october oct oktober okt octobre octubre",
            "november nov novembre noviembre",
            "december dec dezember dez décembre decembre déc diciembre dic",
        ),
        1,
    )
    for name in names.split()
}
WEEKDAYS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "monday mon montag mo lundi lun lunes",
            "tuesday tue tues dienstag di mardi martes",
            "wednesday wed mittwoch mi mercredi mer miércoles miercoles mié",
            "thursday thu thur thurs donnerstag do jeudi jeu jueves jue",
            "friday fri freitag fr vendredi ven viernes vie",
            "saturday sat samstag sonnabend sa samedi sam sábado sabado sáb",
            "sunday sun sonntag so dimanche dim domingo dom",
        )
    )
    for name in names.split()
}
DAY_WORDS: dict[str, int] = {
    **dict.fromkeys(("today", "heute", "aujourd'hui", "aujourd’hui", "hoy"), 0),
    **dict.fromkeys(("tomorrow", "morgen", "demain", "mañana"), 1),
    **dict.fromkeys(("yesterday", "gestern", "hier", "ayer"), -1),
    "übermorgen": 2,
    "vorgestern": -2,
}
NEXT = frozenset(("next", "coming", "nächsten", "nächster", "kommenden", "próximo"))
PREVIOUS = frozenset(("last", "previous", "letzten", "letzter", "vergangenen"))
OFFSETS: dict[str, float] = {
    "Z": 0,
    "UTC": 0,
    "GMT": 0,
    "WET": 0,
    "WEST": 1,
    "CET": 1,
    "CEST": 2,
    "MEZ": 1,
    "MESZ": 2,
    "EET": 2,
    "EEST": 3,
    "EST": -5,
    "EDT": -4,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "JST": 9,
}
"""Hours ahead of UTC, of names that mean one thing. Not among them: IST, BST and CST, which mean several."""
