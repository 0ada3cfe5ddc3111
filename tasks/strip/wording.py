"""What the furniture of a news page says, in the languages of the corpora: the words that the rules look for.

A pattern here must be certain on its own line, in any outlet: it says what the line *is*, not what it is about.
"""

import re

MONTHS = (
    "jan(?:uar[yio]?|vier)?|feb(?:ruar[yi]?)?|fev(?:ereiro)?|févr?(?:ier)?|febbraio|febrero|mar(?:ch|s|zo|ço|t)?|märz|"
    "apr(?:il[e]?)?|avr(?:il)?|abr(?:il)?|ma[iyj]o?|maggio|mei|jun[ei]?o?|juin|juni|giugno|junho|jul[yi]?o?|juillet|"
    "luglio|julho|aug(?:ust(?:us)?)?|août|ago(?:sto)?|sept?(?:ember|embre|iembre|tembre)?|set(?:embro|tembre)?|"
    "o[ck]t(?:ober|obre|ubre)?|ottobre|out(?:ubro)?|nov(?:ember|embre|iembre|embro)?|de[cz](?:ember|embro)?|"
    "déc(?:embre)?|dic(?:iembre|embre)?|des(?:ember)?|"
    "январ[ьяе]|феврал[ьяе]|марта?|апрел[ьяе]|ма[йяе]|июн[ьяе]|июл[ьяе]|августа?|сентябр[ьяе]|октябр[ьяе]|"
    "ноябр[ьяе]|декабр[ьяе]|січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня|"
    "ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık|"
    "stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia|"
    "januari|februari|maret|agustus|desember|tháng|"
    "يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر|"
    "जनवरी|फरवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर|अक्टूबर|नवंबर|दिसंबर"
)
DAYS = (
    "mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|"
    "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|mo|di|mi|do|fr|sa|so|"
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|"
    "lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|segunda|terça|quarta|quinta|sexta|feira|"
    "понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|maandag|dinsdag|woensdag|donderdag|vrijdag|"
    "zaterdag|zondag|mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag|måndag|tisdag|lördag|söndag|"
    "pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar|senin|selasa|rabu|kamis|jumat|sabtu|minggu"
)
DATE_CUES = (
    "publish(?:ed)?|publi(?:é|cado|cada|cação)|pubblicato|veröffentlicht|updated?|last|modified|posted|created|issued|"
    "first|date|time|on|at|the|of|a\\.?m\\.?|p\\.?m\\.?|st|nd|rd|th|er|gmt|utc|cet|cest|est|edt|pst|pdt|bst|ist|msk|"
    "uhr|um|am|vom|den|der|stand|aktualisiert|datum|mis|mise|à|jour|le|la|el|de|del|do|em|às|alle|ore|ultimo|"
    "aggiornamento|actualizado|actualizada|atualizado|hora|horas|h|min|minutes?|hours?|days?|ago|read|vor|stunden|"
    "minuten|tagen|опубликовано|обновлено|дата|года|год|г|в|publicerad|publisert|udgivet|opdateret|oppdatert|kl|"
    "gepubliceerd|laatste|update|diterbitkan|wib|yayınlanma|güncelleme|tarihi|saat|opublikowano|aktualizacja|"
    "公開|更新|配信|発行|年|月|日|時|分|点|发布|时间|來源|发表于|입력|수정|년|월|일|오전|오후|نشر|تحديث|في"
)
DATE_WORD = re.compile(rf"(?<![^\W\d_])(?:{MONTHS}|{DAYS}|{DATE_CUES})(?![^\W\d_])", re.IGNORECASE)
HAS_DATE = re.compile(
    rf"(?<!\d)(?:\d{{1,2}}[./-]\d{{1,2}}[./-](?:\d{{4}}|\d{{2}})|\d{{4}}[./-]\d{{1,2}}[./-]\d{{1,2}}|"
    rf"\d{{4}}(?=\s*[年년]))(?!\d)"
    rf"|(?<![^\W\d_])(?:{MONTHS})(?![^\W\d_])\.?,?\s+\d{{1,4}}|\d{{1,2}}(?:st|nd|rd|th|er|º|"
    rf"\.)?\s+(?:de\s+)?(?:{MONTHS})(?![^\W\d_])",
    re.IGNORECASE,
)
BYLINE = re.compile(
    r"(?:(?:written |posted |reported |story |words |review )?by|authors?|reporter|reporting by|von|"
    r"autor(?:in|en|es|a)?|par|auteure?s?|por|escrito por|redacción|redação|di|scritto da|автор|авторы|автора|текст|"
    r"door|af|av|"
    r"skrevet av|tekst|yazan|yazar|muhabir|oleh|penulis|reporter|autorzy|tác giả|記者|文|作者|"
    r"责任编辑|编辑|기자|بقلم|كتب|लेखक)"
    r"\s*[:：|]?\s+(?=\S)",
    re.IGNORECASE,
)
BYLINE_LABEL = re.compile(
    r"(?:authors?|autor(?:in|en|es|a)?|auteure?s?|автор[ыа]?|autore|yazar|penulis|作者|記者|reporter|posted by|"
    r"written by)\s*[:：]\s*\S",
    re.IGNORECASE,
)
PHOTO_WORD = (
    r"(?:photo(?:s|graphy|graph|graphie|grapher)?|pictures?|images?|fotos?|fotografía|fotografia|fotocredit|"
    r"bild(?:er)?|"
    r"fot|foto[:-]|imagen|imagem|immagine|фото|зображення|zdjęcie|写真|図|图|圖|사진|صورة|फोटो|kuva|billede|illustration|"
    r"video|"
    r"file photo|screenshot|getty|shutterstock|istock|unsplash|pixabay|wikimedia)"
)
AGENCY = (
    r"(?:AP|AFP|dpa|DPA|EPA|epa|ANSA|EFE|TASS|ТАСС|RIA|РИА|Reuters|REUTERS|PTI|ANI|IANS|UPI|Xinhua|Kyodo|Yonhap|APA|"
    r"Keystone|KEYSTONE|picture alliance|imago|IMAGO|Getty Images|Bloomberg|PA|SDA|sda|NTB|TT|Ritzau|Scanpix|Lusa|"
    r"Anadolu|AA|PAP|CTK|ČTK|MTI|Belga|ANP|AAP|CP|Associated Press|Agence France-Presse)"
)
CREDITED = re.compile(
    rf"[(\[（](?:[^()\[\]（）]{{0,60}}[\s/:|–-])?(?:{PHOTO_WORD}|{AGENCY})(?:[\s/:|–-][^()\[\]（）]{{0,60}})?[)\]）]\s*$",
    re.IGNORECASE,
)
PICTURED = re.compile(PHOTO_WORD, re.IGNORECASE)
SENTENCES = re.compile(r"[.!?…。][\"'”“»」]?\s.*[.!?…。][\"'”“»」]?\s*$", re.DOTALL)
PHOTO_LABEL = re.compile(
    rf"(?:{PHOTO_WORD}(?:\s+(?:credit|by|courtesy(?: of)?|von|de|par|di))?|"
    rf"(?:credits?|crédits?)(?:\s+{PHOTO_WORD})?|©\s*{PHOTO_WORD}?)\s*[:：/©]\s*\S",
    re.IGNORECASE,
)
SOURCE_LABEL = re.compile(
    r"(?:sources?|quellen?|fuentes?|fonte|bron|källa|kilde|kaynak|źródło|sumber|источник|джерело|来源|來源|出典|출처|المصدر)"
    r"\s*[:：]\s*\S|(?:based on (?:the )?materials? (?:from|of|by)|with (?:material|reporting|information) (?:from|by)|"
    r"mit material (?:von|der)|avec (?:afp|reuters|ap)\b|con información de|по материалам|по информации|"
    r"additional reporting by|[(\[]\s*(?:additional )?(?:reporting|writing|editing) by\b|"
    r"\((?:dpa|afp|reuters|ap|pti|ani|ians|sda)(?:[ ,/][^)]{0,30})?\)$)",
    re.IGNORECASE,
)
DISCLAIMER = re.compile(
    r"all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos|todos os direitos|"
    r"tutti i diritti|все права защищены|版权所有|無断転載|無断複製|무단\s?전재|^\s*(?:©|\(c\)|copyright)\s|"
    r"(?:has|have) not (?:verified|been edited)|not necessarily (?:reflect|represent|those of)|"
    r"responsibility for the (?:information|views|content)|translated and edited by|views expressed (?:in|here)|"
    r"(?:story|article|report) (?:was|is|has been) (?:first |originally )?(?:published|auto-generated|generated from|"
    r"syndicated)|this (?:material|content) may not be (?:published|reproduced|copied)|"
    r"may not be reproduced|affiliate (?:links?|commission)|we may (?:earn|receive) a (?:small )?commission|"
    r"nicht (?:unbedingt|zwingend) die meinung|"
    r"a lire également sur|мнение редакции может не совпадать",
    re.IGNORECASE,
)
ABOUT_AUTHOR = re.compile(
    r"(?:about the (?:author|writer)s?|(?:zur person|über (?:den autor|die autorin|die autoren))|"
    r"(?:à propos de l['’]auteure?|l['’]auteure?)|sobre (?:el autor|la autora|o autor|a autora)|(?:l['’]autore|"
    r"informazioni sull['’]autore)|об авторе|over de auteur|om (?:författaren|forfatteren)|o autorze|yazar hakkında|"
    r"tentang penulis|về tác giả|著者について|作者简介|عن الكاتب|लेखक के बारे में)\s*:?",
    re.IGNORECASE,
)
# A call to follow one person, or to write to one: it ends what an outlet says of its author, and no paragraph of news.
FOLLOW_AUTHOR = re.compile(
    r"(?:^|[.!?]\s+)(?:you can )?(?:follow|find|reach|contact|e-?mail) (?:him|her|them|me|@\w+) (?:on|at|via) "
    r"(?:twitter|x|facebook|instagram|linkedin|mastodon|bluesky|threads|@\w+|[\w.+-]+@[\w-]+\.\w)\b",
    re.IGNORECASE,
)
READ_ALSO = re.compile(
    r"(?:(?:also |must )?read(?: also| more| next| on| the full (?:story|article))?|see also|"
    r"more (?:on|from|about) this|related (?:articles?|stories|posts?|news|topics?|content|links?|coverage|video)|"
    r"(?:don't|do not) miss|you (?:may|might) also (?:like|be interested)|recommended(?: for you| stories|"
    r" reading)?|watch(?: also| more)?|"
    r"lesen sie (?:auch|mehr|hier|dazu)|mehr (?:zum thema|dazu|lesen)|auch interessant|weiterlesen|siehe auch|"
    r"passend dazu|das könnte sie auch interessieren|à lire(?: aussi)?|lire (?:aussi|la suite|également)|"
    r"voir aussi|à voir aussi|lea(?: también)?|le puede interesar|te puede interesar|ver también|leer más|"
    r"más información|leia (?:também|mais)|veja também|saiba mais|leggi anche|leggi tutto|potrebbe interessarti|"
    r"читайте также|читать также|читать далее|по теме|также по теме|смотрите также|читайте також|lees ook|lees verder|"
    r"les også|læs også|läs också|läs mer|les mer|baca juga|ayrıca oku|czytaj (?:też|także|więcej)|zobacz też|"
    r"xem thêm|関連記事|あわせて読みたい|相关阅读|相关新闻|延伸閱讀|관련기사|اقرأ أيضا|यह भी पढ़ें)"
    r"(?:\s*[:：>»→|]|\s*$|\s+[:-])",
    re.IGNORECASE,
)
COMMENTS = re.compile(
    r"(?:(?:no |\d[\d.,]*\s*)?(?:comments?|responses?|replies|kommentare?|commentaires?|comentarios?|comentários?|"
    r"commenti|комментари(?:и|ев|й|я)|reacties|kommentarer|yorum(?:lar)?|komentar(?:ze|z|e)?|コメント|评论|評論|댓글)"
    r"\s*[:(]?\s*\d*\s*\)?|(?:leave|add|post|write) a (?:comment|reply)|join the (?:conversation|discussion)|"
    r"(?:view|show|load|see)(?: all| more)? (?:\d+ )?comments|kommentar (?:schreiben|verfassen)|"
    r"laisser un commentaire|deja un comentario)\s*",
    re.IGNORECASE,
)
FURNITURE = re.compile(
    r"(?:(?:share|tweet|facebook|twitter|x|whatsapp|telegram|linkedin|reddit|pinterest|instagram|youtube|tiktok|"
    r"e-?mail|"
    r"print|copy|link|save|like|follow(?: us)?|bookmark|messenger|flipboard|threads|bluesky|mastodon|signal|pocket|"
    r"sms|"
    r"teilen|drucken|merken|twittern|mailen|kopieren|partager|imprimer|enregistrer|compartir|imprimir|guardar|"
    r"compartilhar|condividi|stampa|salva|поделиться|печать|вконтакте|одноклассники|delen|dela|del|paylaş|yazdır|"
    r"bagikan|udostępnij|chia sẻ|分享|シェア|ツイート|공유|on|auf|sur|en|via|this|article|the|story|and|und|it|to|"
    r"home|menu|search|close|login|log in|sign in|sign up|register|subscribe|newsletter|newsletters|advertisement|"
    r"advertising|anzeige|werbung|publicité|publicidad|pubblicità|реклама|reklam|reklame|annons|annonse|広告|广告|"
    r"tags?|topics?|logo|icon|image|gallery|audio|listen|play|pause|mute|loading|skip to (?:main )?content|"
    r"back to top|"
    r"cookie settings|privacy policy|terms of (?:use|service)|contact(?: us)?|about us|imprint|impressum|datenschutz|"
    r"startseite|suche|suchen|menü|schließen|anmelden|abo|abonnieren|abonnez-vous|s'abonner|connexion|accueil|"
    r"popular links?|top stories|most read|most popular|latest news|trending(?: now)?|breaking news)[\s,|/·•:&+-]*)+",
    re.IGNORECASE,
)
SIGN_UP = re.compile(
    r"(?:sign up (?:for|to)|subscribe (?:to|for|now|today)|get (?:the|our) (?:latest|best|daily|free)|"
    r"download (?:the|our)|follow (?:us|our|him|her)|click here|join (?:us|our)|support (?:us|our)|don't miss|"
    r"enter your e?-?mail|abonnieren sie|melden sie sich|jetzt (?:abonnieren|anmelden|testen|lesen)|folgen sie|"
    r"inscrivez-vous|abonnez-vous|"
    r"recevez|suscríbe(?:te|ase)|síguenos|siga(?:-nos)?|assine|iscriviti|seguici|подпи(?:шитесь|сывайтесь)|"
    r"следите за)",
    re.IGNORECASE,
)
DATELINE = re.compile(
    rf"(?P<place>[^\W\d_][^\n()\[\]!?;:“”\"]{{1,48}}?)\s*[(\[/（]\s*(?:{AGENCY}|"
    rf"[A-Z]{{2,6}})(?:[\s/,]+[^()\n]{{1,24}})?\s*[)\]/）]"
    r"\s*[-–—:―]{1,2}(?!\S)"
)
TERMINAL = tuple(".!?…。！？؟۔।॥:;\"”»“’')）」』]*")
STOPS = ".!?…。！？؟۔।॥"
END = re.compile(rf"[{STOPS}][\"”»“’')）」』\]\s\d]*$")
SENTENCE = re.compile(r"(?<=[^\W\d_][^\W\d_])[.!?…][\"”»’')]*\s+[\"“«„‘¿¡(]?[^\W\d_a-zà-ÿ]|[。！？।؟۔]")
GLUED = re.compile(r"[a-zà-öø-ÿа-яё][A-ZÀ-ÖØ-ÞА-ЯЁ](?=[a-zà-öø-ÿа-яё])")
