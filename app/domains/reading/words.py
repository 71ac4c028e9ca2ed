"""Word lists that phrases may name in braces.

`do` holds verbs that open an instruction ("Send me …"); verbs that mostly open something else ("Thank you",
"Look forward") are left out on purpose.
"""

_DO = """
accept acknowledge add address advise amend approve arrange ask assign attach attend book bring call cancel
change check choose clarify clean close collect come comment compile complete confirm consider contact
convert coordinate copy correct create debug decide deliver deploy describe disable discuss distribute draft
edit email enable enter escalate evaluate examine explain extend fax file fill finalise finalize find finish fix
follow forward get give go handle help identify include inform install investigate invite join keep leave
let list mail make mark measure merge move note notify obtain open order pass pay phone pick plan post
prepare prioritise prioritize print process proceed provide publish pull push put raise read reboot
recommend record refer register reject release remember remind remove rename replace reply report request
reschedule resend reserve reset resolve respond restart restore resubmit return review revise roll run
save schedule see select send set share ship show sign speak start stop submit suggest supply switch take
tell test transfer translate try turn update upgrade upload use validate verify wait withdraw write
"""

LISTS: dict[str, tuple[str, ...]] = {
    "do": tuple(_DO.split()),
    "someone": ("anybody", "anyone", "somebody", "someone", "everybody", "everyone", "folks", "guys", "people"),
    "weekday": (
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri"),
    ),
    "thing": (
        *("advice", "answer", "answers", "assistance", "clarification", "comment", "comments", "details", "feedback"),
        *("guidance", "help", "hint", "hints", "idea", "ideas", "information", "info", "input", "insight", "insights"),
        *("opinion", "pointer", "pointers", "recommendation", "recommendations", "solution", "suggestion"),
        *("suggestions", "thought", "thoughts", "update", "updates", "views"),
    ),
}
