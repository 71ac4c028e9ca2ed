"""The phrases by which mail programs of several languages mark quotations and signatures.

One pattern for each mark; quoting.py says what each means.
"""

import re

ATTRIBUTION_START = re.compile(
    r"\*?(?:On|At|In|Am|Le|El|Il|Em|Op|Den|Dne|Dnia|W dniu|V|På|Den|Pada|Vào|Tarihinde)\b", re.IGNORECASE
)
ATTRIBUTION_END = re.compile(
    r"(?:\b(?:wrote|writes|wrote on|said|says|schrieb(?: am .{5,60})?|écrivait|escribió|escribio|escreveu"
    r"|ha scritto"
    r"|schreef|skrev|napsal(?:\(?a\)?)?|napisał(?:\(?a\)?)?|kirjoitti|написал(?:\(?а\)?)?|пишет|yazdı|a scris"
    r"|geschrieben|folgendes geschrieben|mentioned)|a écrit|写道|寫道|さんは書きました)\s?[::](?:\*)?\s*\Z"
    r"|\b(?:schrieb|schreef|skrev)\b[^.!?]{0,80}[::]\s*\Z"
    r"|^Quoting .{2,100}[::]\s*\Z",
    re.IGNORECASE,
)
REPEATED = re.compile(
    r"(?:[-_=*>#]{2,}\s*(?:Original[- ]Message|Forwarded [Mm]essage|Original Appointment|Forwarded (?:by"
    r"|from)\b.{0,80}"
    r"|Start of (?:the )?forwarded .{0,40}|Begin(?:ning of)? forwarded .{0,40}"
    r"|Urspr(?:ü|ue?)ngliche (?:Nachricht|Mail|E-Mail)|Weitergeleitete Nachricht|Original-?Nachricht"
    r"|Message (?:d[’']origine|original|transféré)|Mail transféré|Mensaje (?:original|reenviado)"
    r"|Mensagem (?:original|encaminhada)|Messaggio (?:originale|inoltrato)"
    r"|(?:Oorspronkelijk|Doorgestuurd) bericht|Původní zpráva|Wiadomość oryginalna|Oryginalna wiadomość"
    r"|Ursprungligt meddelande|Oprindelig meddelelse|Пересылаемое сообщение|転送されたメッセージ"
    r"|元のメッセージ|原始邮件)"
    r"\b.{0,20}?\s*[-_=*#]*|Begin forwarded message\s?:|Anfang der weitergeleiteten (?:Nachricht|E-Mail)\s?:"
    r"|Début du message (?:réexpédié|transféré)\s?:|Inicio del mensaje reenviado\s?:"
    r"|Inizio messaggio inoltrato\s?:"
    r"|Begin doorgestuurd bericht\s?:|Início da mensagem (?:encaminhada|reencaminhada)\s?:)\s*\Z",
    re.IGNORECASE,
)
BLOCK_FROM = re.compile(
    r"\*{0,2}(?:From|Von|De|Da|Van|Från|Fra|Od|От|Kimden|Expéditeur|差出人|发件人)\s?[::]\*{0,2}\s*\S",
    re.IGNORECASE,
)
BLOCK_NAME = re.compile(
    r"\*{0,2}(?:Sent|Date|To|Cc|Subject|Reply-To|Importance|Attachments|Gesendet|Datum|An|Betreff|Kopie"
    r"|Envoyé|À|Objet"
    r"|Enviado(?: el| em)?|Fecha|Para|Asunto|Assunto|Data|Inviato|A|Oggetto|Verzonden|Aan|Onderwerp"
    r"|Skickat|Till|Ämne"
    r"|Sendt|Til|Emne|Odesláno|Komu|Předmět|Wysłano|Do|Temat|Отправлено|Кому|Тема|送信日時|宛先|件名|发送时间|收件人|主题)"
    r"\s?[::]",
    re.IGNORECASE,
)
PHONE_SIGNATURE = re.compile(
    r"(?:Sent (?:from|via|using|with) (?:my |the )?(?:iPhone|iPad|Android|BlackBerry|Samsung|Galaxy|mobile"
    r"|phone|Huawei"
    r"|Windows|Mail for Windows|Yahoo|Outlook|Gmail|Proton|Nokia|Sony|Nexus|Pixel|HTC|wireless|tablet"
    r"|a mobile).{0,80}"
    r"|Get Outlook for .{0,60}|Von meinem .{2,40} gesendet|Gesendet (?:von|mit) .{2,60}"
    r"|Envoyé (?:de|depuis) (?:mon|ma|un) .{2,60}|Enviado (?:desde|do|de) (?:mi|meu) .{2,60}"
    r"|Inviato da(?:l mio)? .{2,60}|Verzonden (?:vanaf|met) (?:mijn )?.{2,60}|Odesláno z .{2,40}"
    r"|Wysłane z .{2,40}"
    r"|Skickat från min .{2,40}|Sendt fra min .{2,40}|iPhoneから送信)\Z",
    re.IGNORECASE,
)
LIST_FOOTER = re.compile(
    r"mailing list|listinfo|/mailman|unsubscribe|list-?(?:info|archive)|sponsored by|to (?:leave"
    r"|remove yourself from)"
    r"|Yahoo! Groups|groups\.google|Archives? (?:at|:)|Mailingliste|liste de diffusion",
    re.IGNORECASE,
)
LIST_PAGE = re.compile(r"https?://\S{1,100}/listinfo/\S{1,60}\Z", re.IGNORECASE)
"""Some lists end each message with nothing but this address."""
FOOTER_RULE = re.compile(r"Yahoo! Groups (?:Sponsor|Links)", re.IGNORECASE)
NOTICE = re.compile(
    r"\W{0,3}(?:(?:CONFIDENTIALITY|CONFIDENTIAL|PRIVACY|LEGAL|E-?MAIL|IMPORTANT)\s+(?:NOTICE|NOTE"
    r"|DISCLAIMER)\b"
    r"|DISCLAIMER\s*[::]"
    r"|To (?:unsubscribe|post|subscribe)\b.{0,40}\b(?:group|list)\b|Your use of Yahoo! Groups is subject to"
    r"|You (?:received|are receiving) this (?:message|e-?mail) because you are (?:subscribed|a member|on)\b"
    r"|(?:This|The information (?:contained )?in this|The contents? of this) (?:e-?mail|message"
    r"|communication|transmission)"
    r".{0,200}?(?:confidential|privileged|intended (?:only|solely|recipient))"
    r"|Diese E-?Mail .{0,200}?vertraulich|Ce (?:message|courriel|mail) .{0,200}?confidentiel"
    r"|Este (?:mensaje|correo) .{0,200}?confidencial|Esta mensagem .{0,200}?confidencial"
    r"|Questo messaggio .{0,200}?riservat|Dit (?:bericht|e-?mail) .{0,200}?vertrouwelijk)",
    re.IGNORECASE,
)
