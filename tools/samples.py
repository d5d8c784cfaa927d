#!/usr/bin/env python3
"""Write samples/: three files about overlapping groups of invented people.

Usage: tools/samples.py [--check] [FOLDER]

The same files come out on every machine. --check writes nothing and fails when FOLDER (default:
samples) holds something else. Names, companies and numbers are made up; e-mail domains are those
reserved for examples, telephone numbers those reserved for fiction, LinkedIn member numbers lie
beyond the ones in use.
"""
import base64
import csv
import hashlib
import io
import json
import pathlib
import random
import re
import sys
import unicodedata
import urllib.parse

SEED = 8207
PEOPLE_PER_FILE = 1000
MEMBER_FIRST = 4_000_000_000
TAG_PROFILE, TAG_SALES = 0x002A, 0x002C

# (first names, last names, places, phone pattern with # for a digit)
CULTURES = [
    ("Anna Lukas Jürgen Käthe Björn Sabine Jens Ulrike Özlem Heike Konrad Wiebke".split(),
     "Müller Schäfer Groß Weißmann Lüdtke-Brandt Vogel Krüger Öztürk Heßling Pfannkuch".split(),
     ["Berlin, Germany", "München, Bayern, Deutschland", "Zürich, Switzerland"],
     "+49 30 23125 ###"),
    ("Amélie Jean-Baptiste Zoé Hélène Gaël Aïcha Théo Maïwenn Loïc Clémence".split(),
     "Lefèvre|d'Aubigné|Gauthier|Nguyen-Morel|Béranger|Le Goff|Saint-Léger|Çelik".split("|"),
     ["Lyon, Auvergne-Rhône-Alpes, France", "Paris Area, France", "Montréal, Québec, Canada"],
     "+33 1 99 00 ## ##"),
    ("Oliver Siobhán Priya Callum Nia Zadie Hamish Eleri Aoife Dev".split(),
     "O'Brien|Okonkwo-Hughes|MacAllister|Patel|Ashworth|St. John|Ó Súilleabháin|Featherstone"
     .split("|"),
     ["London, United Kingdom", "Dublin, Ireland", "Edinburgh, Scotland"], "+44 20 7946 0###"),
    ("Maria|José Luis|Íñigo|Lucía|Begoña|Ximena|João|Conceição|Thiago|Inês".split("|"),
     "García Lorca-Peña|de la Cruz|Núñez|Ibáñez|Muñoz y Vidal|da Silva|Gonçalves|Simões"
     .split("|"),
     ["Madrid, Spain", "Bogotá, Colombia", "São Paulo, Brasil", "Porto, Portugal"],
     "+1 202 555 01##"),
    ("Søren Åsa Þóra Freyja Mikkel Aino Väinö Ingrid Bjørn Saga".split(),
     "Nørgaard|Åkesson|Jónsdóttir|Virtanen|Østergård|Lindqvist|Mäkinen|af Ekström".split("|"),
     ["København, Denmark", "Stockholm, Sweden", "Reykjavík, Iceland"], "+46 8 465 004 ##"),
    ("Łukasz Zofia Jiří Šárka István Zsófia Ștefan Đorđe Žana Borys".split(),
     "Wójcik|Dvořáková|Kovács|Szabó|Popescu|Đurić|Kowalczyk|Brzęczyszczykiewicz".split("|"),
     ["Kraków, Poland", "Praha, Czechia", "Budapest, Hungary"], "+1 212 555 01##"),
    ("Yuki Haruto Min-jun Seo-yeon Wei Xiuying Linh Thảo Siew Anh".split(),
     "Tanaka|Satō|Kim|Na|Zhang|Ou-Yang|Nguyễn|Trần|Ng|Lý".split("|"),
     ["東京都, 日本", "Seoul, South Korea", "Singapore", "Hồ Chí Minh City, Vietnam"],
     "+61 2 5550 ####"),
    ("Adaeze Kwame Thandiwe Oluwaseun Nkechi Sipho Amara Fatoumata Tesfaye Wanjikũ".split(),
     "Okafor|Mensah|Dlamini|Adébáyọ̀|Nwosu|van der Merwe|Diallo|Null|Gebre-Mariam|Njoroge"
     .split("|"),
     ["Lagos, Nigeria", "Nairobi, Kenya", "Cape Town, South Africa"], "+1 312 555 01##"),
    ("Mohammed Leïla Yūsuf Zeynep İbrahim Shirin Noa Karim Samira Daniyar".split(),
     "al-Harbi|Ben Youssef|Yılmaz|Şahin|Hosseini|Abu Khalil|Ben-Ami|Çağlar|Akhmetov".split("|"),
     ["Dubai, United Arab Emirates", "İstanbul, Türkiye", "Casablanca, Maroc"],
     "+61 7 7010 ####"),
    ("Rajesh Lakshmi Arjun Sunita Harpreet Meenakshi Zain Nusrat Vikram Anjali".split(),
     "Iyer|Chaudhary|Singh|Krishnamurthy|Rahman|D'Souza|Bhattacharya|Venkataraman".split("|"),
     ["Bengaluru, Karnataka, India", "Dhaka, Bangladesh", "Mumbai, India"], "+44 113 496 0###"),
]

# People whose profile is in their own script; the third is the slug's Latin name.
OWN_SCRIPT = [
    ("太郎", "山田", "taro-yamada"), ("Мария", "Коваленко", "maria-kovalenko"),
    ("민수", "김", "minsu-kim"), ("محمد", "الأحمدي", "mohammed-alahmadi"),
    ("Ελένη", "Παπαδοπούλου", "eleni-papadopoulou"), ("נועה", "לוי", "noa-levi"),
    ("สมชาย", "ใจดี", "somchai-jaidee"), ("秀英", "王", "xiuying-wang"),
    ("Наталія", "Шевчук", "natalia-shevchuk"), ("प्रिया", "शर्मा", "priya-sharma"),
]
HONOURS = [", PhD", " 🚀", " (she/her)", ", MBA, PMP®", " Jr.", " – we're hiring!"]

COMPANY_HEADS = ("Nordwind Lumenta Quarry Bellweather Tessera Fernhill Oakum Halcyon Brightwater "
                 "Kestrel Ambergate Solstice Pinemarten Vireo Cobaltine Marlowe Ostara Riverstone "
                 "Zephyria Ironleaf Süßholz Élancée Łabędź Åland Meridiem Cinderpath").split()
COMPANY_TAILS = ["Logistics", "Robotics", "Analytics", "Foods", "Health", "Software",
                 "Bau & Söhne", "Textiles", "Energy", "Studio", "Labs", "Partners"]
COMPANY_FORMS = ["GmbH", "Inc.", "Ltd", "S.A.", "AB", "", "", ", LLC", "B.V.", "Co., Ltd."]
INDUSTRIES = ["Software Development", "Transportation, Logistics, Supply Chain and Storage",
              "Food & Beverages", "Hospitals and Health Care", "Renewable Energy",
              "Textile Manufacturing", "Design Services", "Industrial Automation"]
JOBS = ["Head of Sales", "Chief Executive Officer", "VP Marketing", "Procurement Manager",
        "Founder & CEO", "Geschäftsführer", "Directrice commerciale", "Data Engineer",
        "Account Executive, DACH", "Responsable de compras", "CTO", "Sales Development Rep",
        "Product Manager \"Payments\"", "Leiterin Einkauf", "営業部長", "Operations Lead"]
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

CONNECTIONS_HEADER = ["First Name", "Last Name", "URL", "Email Address", "Company", "Position",
                      "Connected On"]
SALES_HEADER = (
    "profileUrl fullName firstName lastName companyName title companyId companyUrl "
    "regularCompanyUrl summary titleDescription industry companyLocation location "
    "durationInRole durationInCompany pastExperienceCompanyName pastExperienceCompanyUrl "
    "pastExperienceCompanyTitle pastExperienceDate pastExperienceDuration connectionDegree "
    "profileImageUrl sharedConnectionsCount name vmid linkedInProfileUrl isPremium isOpenLink "
    "query timestamp defaultProfileUrl").split()


def plain(text):
    """Lower-case ASCII words joined by hyphens, as LinkedIn and mail systems make them."""
    special = str.maketrans({"ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d",
                             "Đ": "d", "þ": "th", "Þ": "th", "ı": "i", "æ": "ae", "ð": "d"})
    folded = unicodedata.normalize("NFKD", text.translate(special))
    ascii_only = "".join(c for c in folded if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower().replace("'", "")).strip("-")


def token(tag, member):
    """A profile id: tag, zeros, member number, version, twenty opaque bytes."""
    opaque = hashlib.sha1(f"{SEED}:{tag}:{member}".encode()).digest()
    raw = tag.to_bytes(2, "big") + b"\0\0" + member.to_bytes(4, "big") + b"\1" + opaque
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def make_company(rng, number):
    head, tail = COMPANY_HEADS[number % len(COMPANY_HEADS)], rng.choice(COMPANY_TAILS)
    form = rng.choice(COMPANY_FORMS)
    name = f"{head} {tail}" + (form if form.startswith(",") else f" {form}".rstrip())
    return {"name": name, "domain": f"{plain(head)}-{plain(tail)}.example",
            "number": 90_000_000 + number * 7, "industry": rng.choice(INDUSTRIES)}


def make_person(rng, number, companies):
    if number % 45 == 7:
        first, last, latin = OWN_SCRIPT[number // 45 % len(OWN_SCRIPT)]
        culture = rng.choice(CULTURES)
    else:
        culture = CULTURES[number % len(CULTURES)]
        first, last = rng.choice(culture[0]), rng.choice(culture[1])
        latin = plain(f"{first} {last}")
    member = MEMBER_FIRST + number * 13_457 + rng.randrange(13_000)
    company = rng.choice(companies)
    suffix = hashlib.sha1(f"slug {number}".encode()).hexdigest()[:8]
    slug = f"{latin}-{suffix}" if number % 50 != 7 else f"{first}-{last}-{suffix}".lower()
    local = plain(latin).replace("-", ".") + (f".{number}" if number % 3 else str(number))
    domain = company["domain"] if number % 4 else f"example.{rng.choice(['com', 'org', 'net'])}"
    return {
        "number": number, "first": first, "last": last, "slug": slug, "member": member,
        "company": company, "job": rng.choice(JOBS), "place": rng.choice(culture[2]),
        "email": unusual_email(local, domain, number),
        "phone": "".join(str(rng.randrange(10)) if c == "#" else c for c in culture[3]),
        "honour": rng.choice(HONOURS) if number % 23 == 3 else "",
    }


def unusual_email(local, domain, number):
    """Mostly plain; some with forms that are valid and often refused."""
    if number % 61 == 5:
        return f"{local}+newsletter@{domain}"
    if number % 67 == 5:
        return f"O'{local.title()}@{domain.upper()}"
    if number % 71 == 5:
        return f"{local}@büro.{domain}"
    return f"{local}@{domain}"


def profile_url(person):
    return "https://www.linkedin.com/in/" + urllib.parse.quote(person["slug"])


def day(rng, first_year, last_year):
    year = rng.randrange(first_year, last_year + 1)
    month = rng.randrange(1, 13 if year < 2026 else 11)
    return year, month, rng.randrange(1, 29)


def connections(rng, people):
    """LinkedIn's own export; most of it has no e-mail, hidden members have a date only."""
    out = io.StringIO()
    out.write("Notes:\n\"Most addresses are missing: only people who let their connections see "
              "theirs are listed with it, and \"\"hidden\"\" members with a date alone.\"\n\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CONNECTIONS_HEADER)
    for place, person in enumerate(people):
        year, month, date = day(rng, 2014, 2026)
        on = f"{date:02d} {MONTHS[month - 1]} {year}"
        if place in (211, 640, 871):
            writer.writerow([""] * 6 + [on])
        email = person["email"] if person["number"] % 8 == 0 else ""
        writer.writerow([person["first"], person["last"] + person["honour"], profile_url(person),
                         email, person["company"]["name"], person["job"], on])
    return out.getvalue()


def summary(rng, person):
    if rng.random() < 0.3:
        return ""
    return (f"{person['job']} at {person['company']['name']}.\n\n"
            f"• Likes \"plain\" answers, numbers; and tea\n• {person['place']}\n")


def sales_row(rng, person):
    sales, company = token(TAG_SALES, person["member"]), person["company"]
    shown = token(TAG_PROFILE, person["member"]) if person["number"] % 5 == 0 else sales
    full = f"{person['first']} {person['last']}"
    search = rng.choice(["NAME_SEARCH", "OUT_OF_NETWORK"])
    year, month, date = day(rng, 2026, 2026)
    stamp = f"{year}-{month:02d}-{date:02d}T{rng.randrange(24):02d}:{rng.randrange(60):02d}:00.000Z"
    return {
        "profileUrl": f"https://www.linkedin.com/sales/lead/{sales},{search},"
                      f"{rng.randrange(36**3, 36**4):x}",
        "fullName": full, "firstName": person["first"], "lastName": person["last"],
        "companyName": company["name"], "title": person["job"], "companyId": company["number"],
        "companyUrl": f"https://www.linkedin.com/sales/company/{company['number']}",
        "regularCompanyUrl": f"https://www.linkedin.com/company/{company['number']}",
        "summary": summary(rng, person), "industry": company["industry"],
        "companyLocation": person["place"], "location": person["place"],
        "durationInRole": f"{rng.randrange(1, 9)} years in role",
        "durationInCompany": f"{rng.randrange(1, 12)} years in company",
        "connectionDegree": rng.choice(["1st", "2nd", "2nd", "3rd"]),
        "sharedConnectionsCount": rng.randrange(0, 40), "name": full, "vmid": sales,
        "linkedInProfileUrl": f"https://www.linkedin.com/in/{shown}",
        "isPremium": rng.choice(["true", "false"]), "isOpenLink": "false",
        "query": "https://www.linkedin.com/sales/search/people?query=(keywords:operations)",
        "timestamp": stamp,
        # Some searches do not show the public profile; the token is all there is.
        "defaultProfileUrl": "" if person["number"] % 17 == 2 else profile_url(person),
    }


def sales_navigator(rng, people):
    """A Sales Navigator search as PhantomBuster exports it; some people found by two searches."""
    out = io.StringIO()
    writer = csv.DictWriter(out, SALES_HEADER, restval="", lineterminator="\r\n")
    writer.writeheader()
    for place, person in enumerate(people):
        writer.writerow(sales_row(rng, person))
        if place % 199 == 50:
            writer.writerow(sales_row(rng, person))
    return out.getvalue()


def form_row(rng, person, place):
    year, month, date = day(rng, 2026, 2026)
    row = {"email": person["email"], "name": f"{person['first']} {person['last']}",
           "company": person["company"]["name"], "source": "web form"}
    if rng.random() < 0.6:
        row["phone"] = person["phone"]
    if place % 3 == 0:
        row["linkedin_url"] = rng.choice([
            profile_url(person), profile_url(person).replace("https://www.", "") + "/",
            f"https://uk.linkedin.com/in/{urllib.parse.quote(person['slug'])}?trk=form"])
    if rng.random() < 0.5:
        row["job_title"] = person["job"]
    if rng.random() < 0.2:
        row["metadata"] = {"form": rng.choice(["demo", "pricing", "newsletter"]),
                           "message": "Please call back.\nAfternoons are best – thanks!"}
    row["created_at"] = (f"{year}-{month:02d}-{date:02d}T{rng.randrange(24):02d}:"
                         f"{rng.randrange(60):02d}:{rng.randrange(60):02d}Z")
    return row


def spoil(row, place):
    """What people type into forms."""
    broken = {120: {"email": "marie.durand@@example.com"}, 333: {"email": "call me instead"},
              334: {"email": "n/a", "company": "n/a", "linkedin_url": None},
              505: {"email": "none@none.com", "company": "-", "linkedin_url": None},
              777: {"email": "info@nordwind-foods.example"}, 808: {"email": "sam@localhost"}}
    row.update(broken.get(place, {}))
    return {key: value for key, value in row.items() if value is not None}


def web_form(rng, people):
    """One JSON object a line; some people ask twice."""
    lines = []
    for place, person in enumerate(people):
        lines.append(spoil(form_row(rng, person, place), place))
        if place % 97 == 41:
            again = form_row(rng, person, 0)
            again["email"] = again["email"].upper()
            lines.append(again)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def make_files():
    rng = random.Random(SEED)
    companies = [make_company(rng, number) for number in range(140)]
    people = [make_person(rng, number, companies) for number in range(2300)]
    rng.shuffle(people)
    # By place: 0-119 everywhere, 120-349 first and second, 350-529 first and third,
    # 530-729 second and third, the rest in one file.
    known = people[0:530] + people[730:730 + PEOPLE_PER_FILE - 530]
    found = people[0:350] + people[530:730] + people[1200:1200 + PEOPLE_PER_FILE - 550]
    asked = people[0:120] + people[350:730] + people[1650:1650 + PEOPLE_PER_FILE - 500]
    for group in (known, found, asked):
        rng.shuffle(group)
    return {"Connections.csv": connections(rng, known),
            "sales-navigator.csv": sales_navigator(rng, found),
            "web-form.ndjson": web_form(rng, asked)}


def main(arguments):
    check = "--check" in arguments
    folders = [a for a in arguments if a != "--check"]
    folder = pathlib.Path(folders[0] if folders else "samples")
    stale = []
    for name, text in make_files().items():
        path, wanted = folder / name, text.encode("utf-8")
        if check:
            if not path.is_file() or path.read_bytes() != wanted:
                stale.append(str(path))
        else:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted)
    if stale:
        print("not as tools/samples.py writes them: " + ", ".join(stale), file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
