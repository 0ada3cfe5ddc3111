"""Knows what a server says in place of a page: not found, no entry, log in first.

Such a notice is a sentence or two, and reads as news in brief does.
"""

import re

# A longer text has more to say than that.
BRIEF = 2000
STATUS = re.compile(r"(?:(?:http|error|fehler|erreur|ошибка)\W*)*(?:4[01]\d|429|451|50\d)\b")
SIGNS = " \t.!?…:;,-–—|'\"*#()[]。！？"
# `Log in` alone is no notice: it heads the menu of many a page.
NOTICES = frozenset(
    (
        *("not found", "page not found", "the page was not found", "the page cannot be found", "file not found"),
        *("this page could not be found", "page unavailable", "this page isn't available", "page does not exist"),
        *("access denied", "forbidden", "unauthorized", "permission denied", "access to this page has been denied"),
        *("bad gateway", "gateway timeout", "gateway time-out", "internal server error", "service unavailable"),
        *("service temporarily unavailable", "server error", "too many requests", "bad request", "site maintenance"),
        *("just a moment", "attention required", "verify you are human", "are you a robot", "security check"),
        *("enable javascript and cookies to continue", "please enable javascript and cookies to continue"),
        *("please log in", "please sign in", "log in to continue", "sign in to continue"),
        *("please log in to continue", "please sign in to continue", "you are not logged in", "you must log in"),
        *("seite nicht gefunden", "die seite wurde nicht gefunden", "zugriff verweigert", "bitte anmelden"),
        *("bitte melden sie sich an", "page introuvable", "page non trouvée", "accès refusé", "accès interdit"),
        *("página no encontrada", "acceso denegado", "página não encontrada", "acesso negado", "pagina non trovata"),
        *("accesso negato", "pagina niet gevonden", "toegang geweigerd"),
        *("страница не найдена", "доступ запрещен", "доступ запрещён"),
        *("сторінку не знайдено", "strona nie została znaleziona", "nie znaleziono strony", "stránka nenalezena"),
        *("sayfa bulunamadı", "erişim engellendi", "sidan kunde inte hittas", "siden ble ikke funnet"),
        *("siden blev ikke fundet", "sivua ei löytynyt", "halaman tidak ditemukan", "không tìm thấy trang"),
        *("ページが見つかりません", "お探しのページは見つかりませんでした", "アクセスが拒否されました"),
        *("页面不存在", "页面未找到", "找不到页面", "找不到網頁", "페이지를 찾을 수 없습니다"),
        *("الصفحة غير موجودة", "الصفحة المطلوبة غير موجودة", "पृष्ठ नहीं मिला", "הדף לא נמצא"),
    )
)


def is_notice(text: str) -> bool:
    """Whether a brief text begins with a line that is a server's notice and no more.

    >>> [is_notice(f"{line}\\n\\nTry again.") for line in ("404 - Page not found!", "Page not found in the archive")]
    [True, False]
    """
    if len(text) >= BRIEF:
        return False
    line = text.strip().partition("\n")[0].casefold().replace("’", "'")
    status = STATUS.match(line.lstrip(SIGNS))
    said = STATUS.sub("", line).strip(SIGNS)
    return said in NOTICES or (status is not None and not said)
