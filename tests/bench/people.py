#!/usr/bin/env python3
"""Invented people, as many as wanted, the same ones on every machine.

Usage: tests/bench/people.py N [FIRST] > people.csv

Writes a CSV file with a header, about 170 bytes a row. Person number i is a function of i. No two
share an e-mail address or a profile name; domains end in .example, which is reserved. Given names,
family names and companies are combined from tables, so that a word of a name stands for thousands
of people in a million and a whole company for dozens.
"""
import itertools
import sys

HEADER = "First Name,Last Name,LinkedIn URL,Email Address,Company,Position,Location\n"

GIVEN = """Ada Adrian Agnes Alba Alma Amir Anders Andrea Anita Anton Arthur Astrid Aurora Axel
Beata Benno Bianca Boris Bruno Camille Carla Carmen Cecilia Celia Clara Claudio Conrad Cora Cyrus
Dagmar Dalia Daria Darius Delia Diego Dimitri Dora Doris Edgar Edith Elena Elias Elisa Ella Elmar
Emil Emma Enzo Erik Esther Eva Fabian Fatima Felix Fiona Flora Franka Freya Frida Gala Gerda Gita
Goran Greta Gustav Hanna Harald Hassan Hector Hedda Helena Henrik Hilda Hugo Ida Igor Ilona Ilse
Imre Ines Ingo Irene Iris Isa Ivan Jakob Jana Janina Jasmin Jonas Jorge Josef Judith Julia Kai
Karim Karla Katja Kenji Kira Klara Konrad Lara Lars Laura Lea Lena Leo Leila Lidia Linus Lola Lotte
Lucia Ludwig Luisa Lukas Lydia Magda Malte Manuel Mara Marco Marek Margit Maria Marina Mario Marta
Martin Matteo Maya Mila Milan Mina Mira Mona Nadia Naomi Nikos Nina Nora Norbert Olaf Olga Oliver
Omar Oscar Otto Pablo Paula Pavel Pedro Petra Philip Pia Rafael Ralf Ramona Regina Renata Rita
Robert Romy Rosa Ruben Ruth Samir Samuel Sandra Sara Selma Sergio Silvia Simon Sofia Sonja Stefan
Sven Tamara Tariq Teresa Thea Tibor Timo Tomas Ursula Valentin Vera Viktor Viola Wanda Werner Xenia
Yara Yasmin Yusuf Zita""".split()
FAMILY_BEGINS = """Adel Bach Berg Birk Blum Brand Brück Buch Burg Dahl Dorn Eich Eisen Erlen Falk
Feld Fels Fink Fisch Forst Freud Gold Grün Hag Hasel Heim Hirsch Hof Holz Jung Kalt Kirch Korn Kron
Lamp Lang Lind Löwen Mar Mond Moos Nord Ost Quell Rosen Roth Sand Schön Silber Sonn Stern Stein
Tal Tann Vogel Wald Wein Weiss Wild Winter""".split()
FAMILY_ENDS = """ach acker au bach baum beck berg blatt born brink brook dahl dorf eck feld fels
garten grün hagen hain hardt haus heim hoff hold horst kamp land lau ler linger loh mann meier
moor mut ner ow quist reich ried roth ruh sen son stadt stein strand tal thal ther tröm wald wart
weg werth wick wig""".split()
COMPANY_BEGINS = """Alder Amber Arrow Atlas Beacon Birch Bright Cedar Cinder Cobalt Coral Crystal
Delta Ember Falcon Fern Flint Forge Granite Harbor Hazel Helix Heron Indigo Iron Ivory Juniper
Lantern Laurel Linden Lumen Maple Marble Meadow Mistral Nimbus North Onyx Opal Orchid Osprey Pebble
Pine Prism Quartz Raven Ridge River Saffron Sierra Slate Solar Summit Swift Tidal Timber Topaz
Vertex Willow Zephyr""".split()
COMPANY_KINDS = """Analytics Aviation Brands Capital Ceramics Clinics Cloud Coffee Consulting
Design Dynamics Energy Engineering Farms Films Foods Freight Furniture Games Health Hotels
Instruments Insurance Interiors Labs Learning Legal Lighting Logistics Machines Marine Media Metals
Mobility Motors Networks Optics Packaging Paper Partners Pharma Plastics Printing Publishing
Robotics Security Seeds Software Studios Systems Textiles Tools Toys Travel Ventures Water Wind
Works Yards Zoning""".split()
COMPANY_ENDS = "Group|Ltd|GmbH|Inc.|& Sons".split("|")
POSITIONS = """Account Manager|Chief Executive Officer|Chief Technology Officer|Customer Success
Lead|Data Analyst|Director of Marketing|Engineering Manager|Finance Controller|Founder and Managing
Director|Growth Lead|Head of Operations|Head of People|Head of Sales|IT Administrator|Key Account
Manager|Marketing Manager|Office Manager|Partner|Product Designer|Product Manager|Project
Coordinator|Purchasing Manager|Quality Engineer|Recruiter|Regional Sales Director|Research Associate
|Sales Development Representative|Senior Consultant|Senior Software Engineer|Software Engineer|
Solutions Architect|Supply Chain Planner|Team Lead Support|Treasurer|VP Business Development|VP
Sales|Warehouse Supervisor""".replace("\n", " ").split("|")
PLACES = """Amsterdam, Netherlands|Antwerp, Belgium|Athens, Greece|Austin, Texas|Barcelona, Spain|
Basel, Switzerland|Berlin, Germany|Bilbao, Spain|Boston, Massachusetts|Brno, Czechia|Cardiff, Wales|
Chicago, Illinois|Copenhagen, Denmark|Denver, Colorado|Dublin, Ireland|Edinburgh, Scotland|Gdańsk,
Poland|Geneva, Switzerland|Ghent, Belgium|Graz, Austria|Hamburg, Germany|Helsinki, Finland|Lille,
France|Lisbon, Portugal|London, United Kingdom|Lyon, France|Malmö, Sweden|Milan, Italy|Montréal,
Canada|Munich, Germany|Nairobi, Kenya|Oslo, Norway|Porto, Portugal|Riga, Latvia|Rotterdam,
Netherlands|Seattle, Washington|Tallinn, Estonia|Toronto, Canada|Turin, Italy|Vienna, Austria|
Zurich, Switzerland""".replace("\n", " ").split("|")
POSITIONS = [position.strip() for position in POSITIONS]
PLACES = [place.strip() for place in PLACES]

# What stands in an address or a profile name.
ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "&": None, ".": None, " ": "-"})


def plain(text):
    return text.lower().translate(ASCII).replace("--", "-").strip("-")


def pairs(texts):
    return [(text, plain(text)) for text in texts]


GIVEN = pairs(GIVEN)
FAMILIES = pairs(a + b for a, b in itertools.product(FAMILY_BEGINS, FAMILY_ENDS))
COMPANIES = pairs(" ".join(parts) for parts in
                  itertools.product(COMPANY_BEGINS, COMPANY_KINDS, COMPANY_ENDS))

PEOPLE_MAX = len(GIVEN) * len(FAMILIES) * len(COMPANIES)
STEP = 7_368_787_123  # odd steps through all combinations, so that neighbours differ


def words(i):
    """((given, plain), (family, plain), (company, plain)): a combination nobody else has."""
    rest, given = divmod(i * STEP % PEOPLE_MAX, len(GIVEN))
    company, family = divmod(rest, len(FAMILIES))
    return GIVEN[given], FAMILIES[family], COMPANIES[company]


def keys(i):
    """(e-mail address, LinkedIn profile name), as they are compared."""
    (_, given), (_, family), (_, company) = words(i)
    return f"{given}.{family}@{company}.example", f"{given}-{family}-{i:08x}"


def row(i):
    (given, given_plain), (family, family_plain), (company, company_plain) = words(i)
    return (f"{given},{family},"
            f"https://www.linkedin.com/in/{given_plain}-{family_plain}-{i:08x},"
            f"{given_plain}.{family_plain}@{company_plain}.example,"
            f'{company},{POSITIONS[i % len(POSITIONS)]},"{PLACES[i % len(PLACES)]}"\n')


def write_csv(file, count, first=0):
    file.write(HEADER)
    for begin in range(first, first + count, 10_000):
        end = min(begin + 10_000, first + count)
        file.write("".join([row(i) for i in range(begin, end)]))


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    if not 1 <= len(numbers) <= 2:
        sys.exit(__doc__)
    write_csv(open(1, "w", encoding="utf-8", newline="", closefd=False), *numbers)
