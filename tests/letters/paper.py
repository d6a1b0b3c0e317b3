"""The letters of Northwind Home Ltd, and how to read what was printed."""

import dataclasses
import io
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from letters.render import CannotRender, Letterhead, Sheet, Signatory, render_pdf

ROOT = Path(__file__).resolve().parents[2]
NORTHWIND = Letterhead(
    name="Northwind Home Ltd",
    address_lines=("12 Quay Street", "Bristol BS1 4DJ"),
    phone="+44 117 496 0182",
    email="complaints@northwind.example",
    website="www.northwind.example",
    registration_line="Registered in England and Wales, no. 04418827.",
)
ACKNOWLEDGEMENT = Sheet(
    letterhead=NORTHWIND,
    language="en",
    date_line="3 November 2026",
    references=(("Our reference", "2026-4827-1936"), ("Your reference", "ORD-77")),
    address_lines=("Ms Jane Ashworth", "14 Harbour Terrace", "Cardiff", "CF10 5AL"),
    salutation="Dear Ms Ashworth,",
    subject="Your complaint about the delivery",
    body="Thank you for writing to us. We are looking into it **at once**.",
    close="Yours sincerely,",
    signatory=Signatory("Helen Marsh", "Head of Customer Care"),
    enclosures=("Delivery note",),
    copies=("Priya Nair, Delivery Manager", "Tom Bell, Accounts"),
)
FOUND = """You were right to complain, and I apologise for the two days on which you waited for us in vain. We had
promised you a morning, we did not come, and nobody called you to say so. I have looked into each of your points
together with the people who planned and drove the van and with Mr Ortega, who took both of your calls. """
RESOLUTION = dataclasses.replace(
    ACKNOWLEDGEMENT,
    body=f"""{FOUND}

## What we found

1. **The van did not come on 5 October.** {FOUND}
2. **The second appointment was missed.** {FOUND}

## What we agreed

| What we will do | Who | By when |
|---|---|---|
| Deliver and install the machine | Priya Nair | 6 November 2026 |
| Refund the delivery charge of £39.00 | Tom Bell | 10 November 2026 |
| Telephone you to hear whether it works | Helen Marsh | 13 November 2026 |

## So that it does not happen again

{FOUND}

Thank you for telling us. {FOUND}""",
)
LATVIAN = dataclasses.replace(
    ACKNOWLEDGEMENT,
    language="lv",
    date_line="2026. gada 3. novembrī",
    references=(("Mūsu atsauce", "2026-4827-1936"), ("Jūsu atsauce", "EH-187730")),
    address_lines=("Ilze Kalnbērza", "Ābeļziedu iela 18–42", "Rīga", "LV-1058", "LATVIA"),
    salutation="Godātā Kalnbērzas kundze!",
    subject="Par trauku mazgājamās mašīnas pagarināto garantiju",
    body="""Jums bija taisnība: uz vienu un to pašu jautājumu jūs saņēmāt četras atšķirīgas atbildes. Par to es
atvainojos. Pagarinātā garantija ir spēkā arī pēc pārcelšanās.

## Par ko vienojāmies

| Ko darīsim | Kas atbild | Līdz kuram datumam |
|---|---|---|
| Salabosim mašīnu bez maksas | Pija Naira | 2026. gada 6. novembrim |
| Atmaksāsim 65,00 € par izsaukumu | Toms Bels | 2026. gada 10. novembrim |

Paldies, ka rakstījāt mums vēlreiz un nepadevāties.""",
    close="Ar cieņu",
    signatory=Signatory("Helēna Mārša", "Klientu apkalpošanas vadītāja"),
    enclosures=("Garantijas noteikumi",),
    copies=("Pija Naira, piegādes vadītāja", "Toms Bels, grāmatvedība"),
)
FINNISH = dataclasses.replace(
    ACKNOWLEDGEMENT,
    language="fi",
    date_line="3. marraskuuta 2026",
    references=(("Viitteemme", "2026-4827-1936"), ("Viitteenne", "EP-31852")),
    address_lines=("Jari Lehtovaara", "Koivupellontie 14 B 6", "33720 TAMPERE", "FINLAND"),
    salutation="Hyvä Jari Lehtovaara",
    subject="Lämmin vesi poikki 39 tuntia etäohjauspalvelun häiriön vuoksi",
    body="""Olitte oikeassa: ohje pumpun käsikäytöstä olisi pitänyt kertoa heti vikanumeron nauhoitteella. Pahoittelen
sitä, että perheenne oli kaksi iltaa ilman lämmintä vettä.

## Mitä sovimme

| Mitä teemme | Kuka vastaa | Mihin mennessä |
|---|---|---|
| Lähetämme kirjallisen käsikäyttöohjeen | Priya Nair | 6. marraskuuta 2026 |
| Hyvitämme kuukausimaksun 27,00 € | Tom Bell | 10. marraskuuta 2026 |

Kiitos, että kerroitte asiasta meille.""",
    close="Ystävällisin terveisin",
    signatory=Signatory("Helen Marsh", "Asiakaspalvelupäällikkö"),
    enclosures=("Käsikäyttöohje",),
    copies=("Priya Nair, toimituspäällikkö", "Tom Bell, laskutus"),
)
ARABIC = dataclasses.replace(
    ACKNOWLEDGEMENT,
    language="ar",
    date_line="3 نوفمبر 2026",
    references=(("رقمنا المرجعي", "2026-4827-1936"), ("رقمكم المرجعي", "EH-203951")),
    address_lines=("السيد سالم راشد الكتبي", "بناية الياسمين، شقة 504", "البرشاء", "دبي", "UNITED ARAB EMIRATES"),
    salutation="السيد سالم راشد الكتبي المحترم، تحية طيبة وبعد،",
    subject="شكواكم بشأن رسوم تركيب المكيّفين",
    body="""كنتم على حق، ونعتذر إليكم عن المبلغ الذي دُفع في بيتكم. سألنا الفني والبائع، وراجعنا الطلب EH-203951
وإعلان المعرض من شركة Northwind Home Ltd. للاستفسار اتصلوا بنا على الرقم +44 117 496 0182 أو اكتبوا إلى
complaints@northwind.example في أي وقت.

## ما اتفقنا عليه

| ما سنفعله | المسؤول | الموعد |
|---|---|---|
| ردّ مبلغ £39.00 إلى حسابكم | Tom Bell | 6 نوفمبر 2026 |
| تصحيح الإعلان وبيان شروطه بالعربية | Priya Nair | 10 نوفمبر 2026 |

نشكركم على أنكم أخبرتمونا بما حدث، ونرجو أن نكون عند حسن ظنكم.""",
    close="وتفضلوا بقبول فائق الاحترام،",
    signatory=Signatory("Helen Marsh", "مديرة خدمة العملاء"),
    enclosures=("إيصال التحويل رقم 2026-11-003",),
    copies=("Priya Nair، مديرة التوصيل", "Tom Bell، قسم الحسابات"),
)
CHINESE = dataclasses.replace(
    ACKNOWLEDGEMENT,
    language="zh-hans",
    date_line="2026年11月3日",
    references=(("我方编号", "2026-4827-1936"), ("贵方编号", "EH-119305")),
    address_lines=("310013", "浙江省杭州市", "西湖区枫溪路88号3幢2单元1102室", "陆文博先生收", "CHINA"),
    addressee="陆文博先生",
    salutation="尊敬的陆文博先生：",
    subject="关于您的嵌入式洗碗机保修一事",
    body="""您的来信我们已经仔细读过。网店页面上写着“十年保修”，却没有说明十年只保电机，这一点是我们的疏忽，谨向您
致以诚挚的歉意。我们与 Owen O’Brien 一起核对了当时的页面和维修记录，并逐条答复如下。

## 我们商定的事项

| 我们将做的事 | 负责人 | 完成日期 |
|---|---|---|
| 免费更换主板，费用1180元由我们承担 | Priya Nair | 2026年11月6日 |
| 更正网店页面上的保修说明 | Tom Bell | 2026年11月10日 |

感谢您把这件事告诉我们，希望今后能让您满意。""",
    close="此致敬礼",
    signatory=Signatory("Helen Marsh", "客户服务部主管"),
    enclosures=("维修记录",),
    copies=("Priya Nair，配送经理", "Tom Bell，财务部"),
)
RESOLVED = {
    "en": RESOLUTION,
    "lv": LATVIAN,
    "fi": FINNISH,
    "ar": ARABIC,
    "zh-hans": CHINESE,
}
POINT = 25.4 / 72  # mm


def sheet(**changes):
    return dataclasses.replace(ACKNOWLEDGEMENT, **changes)


def headed(**changes):
    return sheet(letterhead=dataclasses.replace(NORTHWIND, logo_alt="Northwind", **changes))


def poppler(command, pdf, *options):
    run = subprocess.run([command, *options, "-", "-"], input=pdf, capture_output=True, check=True)
    return run.stdout.decode()


def pages(pdf):
    """The text of each page, its white space as single spaces."""
    return [" ".join(page.split()) for page in poppler("pdftotext", pdf, "-layout").split("\f")[:-1]]


def structure(pdf):
    """The text in the logical order, as a screen reader takes it."""
    listed = subprocess.run(
        ["pdfinfo", "-struct-text", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    return " ".join(re.findall(r'^\s*"(.*)"$', listed, re.MULTILINE)).replace("\u00a0", " ")


def boxes(pdf, *, page=1):
    """Each word of the page as (text, left, top, right, bottom), in mm from the upper left corner."""
    html = poppler("pdftotext", pdf, "-bbox", "-f", str(page), "-l", str(page))
    words = re.findall(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', html)
    return [(text, *(float(side) * POINT for side in sides)) for *sides, text in words]


def fonts(pdf):
    """The names of the fonts in the file, without the tag of their subset."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        named = {str(font.BaseFont) for page in opened.pages for font in page.Resources.Font.values()}
    return {name.partition("+")[2] for name in named}


def drawn(pdf):
    """What each line's glyphs mean, from left to right, as lists: a ligature is one glyph of several letters."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [line for page in opened.pages for line in _drawn(page)]


def _drawn(page):
    meanings = {f"/{name.strip('/')}": _meanings(font) for name, font in page.Resources.Font.items()}
    font, line = None, []
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            font = meanings[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            shown = operands[0] if str(operator) == "TJ" else [operands[0]]
            codes = b"".join(bytes(piece) for piece in shown if isinstance(piece, pikepdf.String))
            line += [font[codes[at : at + 2].hex()] for at in range(0, len(codes), 2)]
        elif str(operator) == "ET" and line:
            yield line
            line = []


def _meanings(font):
    table = font.ToUnicode.read_bytes().decode()
    pairs = re.findall(r"<([0-9a-f]{4})> <([0-9a-f]+)>", table, re.IGNORECASE)
    return {code.lower(): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}


def refusal(wrong):
    """What the person reads who wanted this letter."""
    with pytest.raises(CannotRender) as caught:
        render_pdf(wrong)
    assert str(caught.value) == " ".join(caught.value.problems)
    return str(caught.value)


def picture(kind, size=(60, 20)):
    out = io.BytesIO()
    Image.new("RGB", size, "#1f4e79").save(out, kind)
    return out.getvalue()


def drawing(inside):
    space = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {space} viewBox="0 0 60 20"><rect width="9" height="9"/>{inside}</svg>'.encode()
