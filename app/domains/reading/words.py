"""Word lists that phrases may name in braces.

`do` holds verbs that open an instruction ("Send me …"); verbs that mostly open something else ("Thank you",
"Look forward") are left out on purpose. The lists of trouble: `doing`, `work` and `done` what a thing is seen to do or
fails to ("not loading"), `use` what people fail to, `setup` what has to go well before anything does, `record` and
`result` what gets lost or comes out wrong, `exception` the names that usual languages give to errors, `tidy`, `rework`
and `look` what is done to things that work. `go` holds the verbs that "down" belongs to.
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
_DOING = """
accessing appearing arriving booting building charging connecting creating delivering displaying downloading
editing exporting functioning getting importing installing inviting joining launching loading logging
opening paying playing posting printing processing reaching reading receiving recording refreshing rendering
responding returning running saving searching sending showing signing starting submitting syncing updating
uploading viewing working writing
"""
_EXCEPTION = """
nullpointerexception classcastexception illegalargumentexception illegalstateexception
indexoutofboundsexception arrayindexoutofboundsexception stringindexoutofboundsexception
numberformatexception nosuchelementexception nosuchmethoderror nosuchfielderror noclassdeffounderror
classnotfoundexception concurrentmodificationexception unsupportedoperationexception assertionerror
runtimeexception ioexception filenotfoundexception timeoutexception interruptedexception securityexception
eofexception arithmeticexception negativearraysizeexception socketexception unknownhostexception
nullreferenceexception accessviolationexception keyerror typeerror valueerror attributeerror indexerror
importerror runtimeerror referenceerror syntaxerror recursionerror unicodedecodeerror stackoverflowerror
outofmemoryerror
"""
_GO = """
back boil boils break bring bringing brings broke broken calm came come comes coming convert cool count cut
deep double drop further go hand hunt jot lay lie narrow narrowed note noted page pass passed pull put
scroll settle shoot shot shut sit slow slows slowing step take takes tear torn track tune turn turned upside
way write written wrote
"""
_USE = """
log login sign connect access start boot open build use load save send receive pay print install upgrade run
"""
_WORK = """
load open start boot launch display show render save send print respond finish appear connect exit stop
close return release
"""
_DONE = """
loaded loading displayed shown visible rendered saved sent received delivered performed cleared closed
released written persisted applied replicated committed flushed synced finishes loads ends
"""
_SETUP = """
build compile compilation deployment deploy release installation install upgrade migration login startup
restart boot
"""
_TIDY = """
cleanup refactor refactoring rename simplify reformat unused redundant unnecessary obsolete useless
duplicated boilerplate
"""
_REWORK = """
optimise optimize tune extend extract migrate print mark tag customise customize expose standardise
standardize prune rewrite integrate collect emit increase reduce consider use set move replace change make
convert
"""
_LOOK = """
tooltip icon icons colour color font alignment margin padding pixel pixels misaligned blurry cursor overlap
overlapping overlapped flicker flickers flickering
"""
_DESK = """
team ticket tickets desk case cases request requests contract agent agents staff line engineer engineers
representative
"""
_RECORD = """
data file files content records messages mail mails rows everything password passwords
"""
_RESULT = """
results result totals amounts balance data values rows output calculation
"""

LISTS: dict[str, tuple[str, ...]] = {
    "do": tuple(_DO.split()),
    "someone": ("anybody", "anyone", "somebody", "someone", "everybody", "everyone", "folks", "guys", "people"),
    "doing": tuple(_DOING.split()),
    "exception": tuple(_EXCEPTION.split()),
    "go": tuple(_GO.split()),
    "unable": ("can't", "cannot", "couldn't", "unable", "impossible"),
    "negated": ("doesn't", "don't", "didn't", "won't", "not"),
    "fails": ("fail", "fails", "failed", "failing", "failure", "refuses", "unable"),
    "failing": (
        *("fail", "fails", "failed", "failing", "failure", "failures", "broken", "crash", "crashes"),
        *("error", "errors", "impossible"),
    ),
    "use": tuple(_USE.split()),
    "work": tuple(_WORK.split()),
    "done": tuple(_DONE.split()),
    "setup": tuple(_SETUP.split()),
    "tidy": tuple(_TIDY.split()),
    "rework": tuple(_REWORK.split()),
    "look": tuple(_LOOK.split()),
    "desk": tuple(_DESK.split()),
    "record": tuple(_RECORD.split()),
    "result": tuple(_RESULT.split()),
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
