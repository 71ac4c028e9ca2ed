"""Passwords that are tried first everywhere. Those shorter than any that is allowed are here for what people make of
them: «password2024!» is «password»."""

_WORDS = """
    password passw0rd p@ssw0rd p@ssword pa55word passwort motdepasse contraseña contrasena senha parola hasło wachtwoord
    qwerty qwertyuiop qwertyuiopasdf qwertyui qwerty123 asdfghjkl asdfghjklqwer zxcvbnm qwertzuiop azertyuiop azerty
    1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc zaq12wsx qazwsx qazwsxedc qwer1234 asdf1234 abcd1234 abc123
    abcdefgh abcdefghijkl abcdefghijklm abcdefghijklmnop a1b2c3d4 a1b2c3d4e5f6 aa123456 q1w2e3r4 q1w2e3r4t5y6
    iloveyou iloveyouforever ilovejesus letmein letmeinplease letmeinnow welcome welcometo whatever trustno trustno1
    administrator administration admin adminadmin superuser sysadmin root rootroot toor changeme changemenow changeit
    changethis changethispassword default defaultpassword temporary temppassword secret secretpassword mysecretpassword
    mypassword yourpassword newpassword thepassword passphrase master masterpassword login loginpassword testpassword
    testing tester test guest guestguest user useruser demo example letmein123 monkey dragon sunshine princess football
    baseball basketball superman batman spiderman pokemon starwars charlie michael jessica ashley jordan shadow master
    killer hunter hunter2 ninja mustang access flower cheese computer internet samsung google facebook instagram
    liverpool liverpoolfc manchester manchesterunited arsenal chelsea barcelona realmadrid juventus lovely loveme
    babygirl butterfly chocolate freedom forever family friends hello helloworld hellohello hellokitty jennifer
    tinkerbell blink182 metallica slipknot nothing nopassword qwertyqwerty passwordpassword correcthorsebatterystaple
    watchfloor watchfloorwatchfloor mywatchfloor spring summer autumn winter january february march april june july
    august september october november december monday tuesday wednesday thursday friday saturday sunday
"""
COMMON = frozenset(_WORDS.split())
RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1234567890qwertyuiop")
"""Rows that a password may not be a piece of, in neither direction."""
