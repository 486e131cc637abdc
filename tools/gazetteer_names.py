"""What gazetteer.py knows of places that GeoNames doesn't say: usual English names, variants, regions, who lives there.

Facts from general knowledge, written for Earwitness."""

# Code of a country: its usual name and variants. Only where GeoNames' own name isn't all there is.
COUNTRIES = """
AE|United Arab Emirates|UAE|U.A.E.|Emirates
AG|Antigua and Barbuda|Antigua
BA|Bosnia and Herzegovina|Bosnia
BS|Bahamas|The Bahamas
CD|Democratic Republic of the Congo|DRC|Congo-Kinshasa|Democratic Republic of Congo|Zaire|Congo
CF|Central African Republic
CG|Republic of the Congo|Congo-Brazzaville
CI|Ivory Coast|Cote d'Ivoire
CN|China|People's Republic of China|PRC
CV|Cape Verde|Cabo Verde
CZ|Czech Republic|Czechia
DE|Germany|Federal Republic of Germany|West Germany|East Germany
FK|Falkland Islands|Falklands
FM|Micronesia|Federated States of Micronesia
GB|United Kingdom|UK|U.K.|Britain|Great Britain
GM|Gambia|The Gambia
IE|Ireland|Republic of Ireland
IR|Iran|Islamic Republic of Iran|Persia
KG|Kyrgyzstan|Kirghizia
KN|Saint Kitts and Nevis|St Kitts
KP|North Korea|DPRK
KR|South Korea|Republic of Korea|Korea
LC|Saint Lucia|St Lucia
LK|Sri Lanka|Ceylon
MK|North Macedonia|Macedonia
MM|Myanmar|Burma
MO|Macau|Macao
NL|Netherlands|The Netherlands|Holland
NZ|New Zealand|Aotearoa
PH|Philippines|The Philippines
PS|Palestine|Palestinian Territories|Palestinian Territory
RU|Russia|Russian Federation|Soviet Union|USSR
ST|Sao Tome and Principe|Sao Tome
SY|Syria|Syrian Arab Republic
SZ|Eswatini|Swaziland
TL|East Timor|Timor-Leste|Timor Leste
TR|Turkey|Turkiye
TT|Trinidad and Tobago|Trinidad
TW|Taiwan|Republic of China
TZ|Tanzania|Zanzibar
US|United States|United States of America|USA|U.S.|U.S.A.|America|the States
VA|Vatican City|Vatican|Holy See|the Vatican
VC|Saint Vincent and the Grenadines|St Vincent
VN|Vietnam|Viet Nam
"""

# Not countries of today, or where nobody lives, or of no use: left out.
NO_COUNTRIES = "AN AX BL BQ BV CC CS CX GS HM IO MF NF NU PM PN SJ TF TK UM WF YT"

# States, provinces and other parts of the world, with inhabitants in thousands.
REGIONS = """
Asia 4700000; Africa 1400000; Europe 740000; North America 600000; South America 430000; Latin America 650000
Middle East 480000; Southeast Asia 680000; South Asia 1900000; Central America 180000; Central Asia 78000
Eastern Europe 290000; Western Europe 200000; Central Europe 160000; West Africa 420000; East Africa 450000
North Africa 250000; Southern Africa 70000; European Union 448000 EU; Oceania 44000; Scandinavia 21000; Balkans 55000
Caribbean 44000; Caucasus 30000; Siberia 37000; Arctic 4000; Antarctica 1; Sahel 100000; Sahara 2500; Pacific Islands 2300
Horn of Africa 140000; Maghreb 100000; Levant 45000; Persian Gulf 60000; Crimea 2400; Donbas 6000 Donbass; Chechnya 1500
Dagestan 3100; Kurdistan 30000; Kashmir 20000; Punjab 127000; Gujarat 63000; Kerala 35000; Tamil Nadu 77000
Uttar Pradesh 230000; Bihar 125000; Maharashtra 125000; Rajasthan 80000; West Bengal 98000; Bengal 260000; Assam 35000
Goa 1500; Balochistan 14000 Baluchistan; Gaza Strip 2100; West Bank 3000; Golan Heights 50; Sinai 600; Tibet 3600
Xinjiang 25000; Inner Mongolia 24000; Guangdong 126000; Sichuan 83000; Hunan 66000; Hubei 57000; Yunnan 47000
Shandong 101000; Manchuria 100000; Okinawa 1450; Hokkaido 5200; Kyushu 14000; Fukushima 1800; Java 151000; Sumatra 59000
Bali 4300; Borneo 23000; Sulawesi 20000; Mindanao 26000; Sicily 4800; Sardinia 1600; Tuscany 3700; Lombardy 10000
Piedmont 4300; Normandy 3300; Brittany 3400; Provence 5000; Corsica 350; Alsace 1900; Burgundy 1600; Catalonia 7800
Andalusia 8500; Basque Country 2200; Galicia 2700; Canary Islands 2200; Mallorca 900 Majorca; Azores 240; Madeira 250
Crete 620; Bavaria 13000; Saxony 4000; Westphalia 8000; Prussia 1000; Tyrol 760; Flanders 6700; Wallonia 3600
Transylvania 6500; Silesia 5000; Bohemia 6500; Moravia 3000; Lapland 180; Anatolia 70000; Darfur 9000; Tigray 7000
Oromia 40000; Biafra 1000; Katanga 9000; Somaliland 5700; KwaZulu-Natal 12000; Gauteng 16000; Patagonia 2000
Yucatan 2300; Chiapas 5500; Oaxaca 4100; Sinaloa 3000; Chihuahua 3700; Jalisco 8300; Amazonia 30000; Bahia 15000
England 56000; Scotland 5500; Wales 3100; Northern Ireland 1900; Cornwall 570; Yorkshire 5400; Lancashire 1500
Sussex 1700; Devon 1200; Somerset 970; Norfolk 910; Suffolk 760; Northumberland 320; Merseyside 1400; Midlands 10000
Ontario 15000; Quebec 8800; British Columbia 5500; Alberta 4600; Manitoba 1400; Saskatchewan 1200; Nova Scotia 1000
New Brunswick 800; Newfoundland 530 Newfoundland and Labrador; Prince Edward Island 170; Nunavut 40; Yukon 44
Northwest Territories 45; New South Wales 8200; Victoria 6600; Queensland 5300; Western Australia 2800
South Australia 1800; Tasmania 570; Northern Territory 250; New England 15000; Midwest 69000; Silicon Valley 3000
Long Island 8000; Cape Cod 230; Appalachia 26000
"""

# The country of those that lie in one.
REGIONS_OF = """
CA Ontario|Quebec|British Columbia|Alberta|Manitoba|Saskatchewan|Nova Scotia|New Brunswick|Newfoundland
CA Prince Edward Island|Nunavut|Yukon|Northwest Territories
AU New South Wales|Victoria|Queensland|Western Australia|South Australia|Tasmania|Northern Territory
GB England|Scotland|Wales|Northern Ireland|Cornwall|Yorkshire|Lancashire|Sussex|Devon|Somerset|Norfolk|Suffolk
GB Northumberland|Merseyside|Midlands
US New England|Midwest|Silicon Valley|Long Island|Cape Cod|Appalachia
IN Gujarat|Kerala|Tamil Nadu|Uttar Pradesh|Bihar|Maharashtra|Rajasthan|West Bengal|Assam|Goa
CN Tibet|Xinjiang|Inner Mongolia|Guangdong|Sichuan|Hunan|Hubei|Yunnan|Shandong|Manchuria
JP Okinawa|Hokkaido|Kyushu|Fukushima; ID Java|Sumatra|Bali|Sulawesi; PH Mindanao; PS Gaza Strip|West Bank; EG Sinai
RU Siberia|Chechnya|Dagestan; UA Crimea|Donbas; IT Sicily|Sardinia|Tuscany|Lombardy|Piedmont
FR Normandy|Brittany|Provence|Corsica|Alsace|Burgundy; ES Catalonia|Andalusia|Galicia|Canary Islands|Mallorca
PT Azores|Madeira; GR Crete; DE Bavaria|Saxony|Westphalia; BE Flanders|Wallonia; RO Transylvania; CZ Bohemia|Moravia
TR Anatolia; SD Darfur; ET Tigray|Oromia; NG Biafra; CD Katanga; SO Somaliland; ZA KwaZulu-Natal|Gauteng
MX Yucatan|Chiapas|Oaxaca|Sinaloa|Chihuahua|Jalisco; BR Bahia
"""

# Inhabitants of the states of the US, in thousands.
STATES = (
    "AL 5000 AK 730 AZ 7200 AR 3000 CA 39000 CO 5800 CT 3600 DE 1000 DC 690 FL 22000 GA 10800 HI 1400 ID 1900 IL 12600 "
    "IN 6800 IA 3200 KS 2900 KY 4500 LA 4600 ME 1400 MD 6200 MA 7000 MI 10000 MN 5700 MS 2900 MO 6200 MT 1100 NE 2000 "
    "NV 3200 NH 1400 NJ 9300 NM 2100 NY 19600 NC 10700 ND 780 OH 11800 OK 4000 OR 4200 PA 13000 RI 1100 SC 5300 SD 910 "
    "TN 7100 TX 30000 UT 3400 VT 650 VA 8700 WA 7800 WV 1800 WI 5900 WY 580"
)

# GeoNames' name of a city: the usual English one and variants. `-` leaves it out: parts of cities, mostly.
CITIES = """
Abu Ghurayb|Abu Ghraib
Acapulco de Juarez|Acapulco
Ahilyanagar|Ahmednagar
Al Ahmadi|-
Al Ain City|Al Ain
Al Basrah al Qadimah|-
Al Fayyum|Faiyum
Al Hudaydah|Hodeidah|Hudaydah
Al Khusus|-
Al Mahmudiyah|-
Al Mansurah|Mansoura
Al Mawsil al Jadidah|-
Al Qahirah al Jadidah|-
Antakya|Antakya|Antioch
Ar Raqqah|Raqqa
Arkhangel'sk|Arkhangelsk|Archangel
Ashgabat|Ashgabat|Ashkhabad
Astana|Astana|Nur-Sultan
Basrah|Basra
Batman|-
Beijing|Beijing|Peking
Belagavi|Belgaum
Bengaluru|Bangalore|Bengaluru
Buda|-
Camayenne|-
Chattogram|Chittagong|Chattogram
Chengguan Qu|-
Chennai|Chennai|Madras
Chongqing|Chongqing|Chungking
Ciudad Juarez|Ciudad Juarez|Juarez
Cusco|Cusco|Cuzco
Da Nang|Da Nang|Danang
Dayrah|-
Dihok|Duhok
Dnipro|Dnipro|Dnipropetrovsk
East Jerusalem|-
Edogawe|-
Fes|Fez|Fes
Frankfurt am Main|Frankfurt
Gaza|Gaza|Gaza City
Genoa|Genoa|Genova
Giza|Giza|Gizeh
Gonder|Gondar
Gqeberha|Port Elizabeth|Gqeberha
Guangzhou|Guangzhou|Canton
Gurugram|Gurgaon|Gurugram
Hannover|Hanover|Hannover
Hargeysa|Hargeisa
Hamah|Hama
Heroica Matamoros|Matamoros
Ho Chi Minh City|Ho Chi Minh City|Saigon
Homyel|Gomel|Homel
Hong Kong Island|-
Hrodna|Grodno
Isfahan|Isfahan|Esfahan
Istanbul|Istanbul|Constantinople
Jeju City|Jeju
Kimhae|Gimhae
Kingston upon Hull|Hull
Kobe|Kobe
Kolkata|Kolkata|Calcutta
Koln|Cologne|Koln
Krakow|Krakow|Cracow
Kryvyy Rih|Kryvyi Rih|Krivoy Rog
Kyiv|Kyiv|Kiev
Las Palmas de Gran Canaria|Las Palmas
Leon de los Aldama|Leon
Lexington-Fayette|-
Lviv|Lviv|Lvov
Madinah|Medina
Madinat an Nasr|-
Mahilyow|Mogilev
Makkah|Mecca
Mangaluru|Mangalore
Marrakesh|Marrakesh|Marrakech
Masan|-
Mek'ele|Mekelle
Milan|Milan|Milano
Misratah|Misrata
Mumbai|Mumbai|Bombay
Mykolayiv|Mykolaiv|Nikolaev
Mysuru|Mysore
Namp'o|Nampo
Nay Pyi Taw|Naypyidaw
Nazret|Adama
New Kingston|-
New South Memphis|-
New York City|New York City|NYC
Newcastle upon Tyne|Newcastle
Nizhniy Novgorod|Nizhny Novgorod
Odesa|Odesa|Odessa
Orel|Oryol
Oral|Uralsk
Orumiyeh|Urmia
Palma|Palma
Pest|-
Phnom Penh|Phnom Penh
Prayagraj|Prayagraj|Allahabad
Puducherry|Pondicherry|Puducherry
Quebec|Quebec City
Ra's Bayrut|-
Rio de Janeiro|Rio de Janeiro|Rio
Ras Al Khaimah|Ras Al Khaimah
Saint Paul|Saint Paul|St Paul
Saint Petersburg|Saint Petersburg|St Petersburg|Leningrad
Salem|Salem
San Francisco|San Francisco
Sanaa|Sanaa|Sana'a
Santiago de Queretaro|Queretaro
Seoul|Seoul
Sevilla|Seville|Sevilla
Shivamogga|Shimoga
Sholapur|Solapur
Suzhou|Suzhou
South Boston|-
South Dublin|-
Sulaymaniyah|Sulaymaniyah|Sulaimaniya
Sultanah|-
Tai'an|-
Tehran|Tehran|Teheran
Thiruvananthapuram|Thiruvananthapuram|Trivandrum
Tuxtla|Tuxtla Gutierrez
Turin|Turin|Torino
Ulan Bator|Ulaanbaatar|Ulan Bator
Vadodara|Vadodara|Baroda
Varanasi|Varanasi|Benares
Victoria de Durango|Durango
Vijayapura|-
Vinnytsya|Vinnytsia
Visakhapatnam|Visakhapatnam|Vizag
Volgograd|Volgograd|Stalingrad
Washington|Washington, D.C.|Washington DC|DC
West Jerusalem|-
West Raleigh|-
Xi'an|Xi'an|Xian
Yangon|Yangon|Rangoon
Yekaterinburg|Yekaterinburg|Ekaterinburg
Zaporizhzhya|Zaporizhzhia
Zhongshan|Zhongshan
"""

# Smaller cities that are much talked of, with their country and inhabitants.
SMALLER_CITIES = """
Geneva CH 201000; Cambridge GB 146000; Oxford GB 162000; Salt Lake City US 200000; Baton Rouge US 227000; Dayton US 137000
Venice IT 258000; Bruges BE 118000; Strasbourg FR 285000; Bordeaux FR 260000; Lille FR 234000; Cannes FR 74000
Salzburg AT 155000; Davos CH 11000; Basel CH 177000; Lausanne CH 140000; Bern CH 134000; Monaco MC 38000
Granada ES 232000; Pisa IT 90000; Verona IT 255000; Trieste IT 201000; Pompeii IT 25000; Potsdam DE 183000
Ypres BE 35000; Eindhoven NL 238000; Delft NL 104000; Aarhus DK 285000; Bergen NO 285000; Turku FI 200000
Dubrovnik HR 41000; Srebrenica BA 13000; Kherson UA 280000; Mariupol UA 120000; Bakhmut UA 70000; Bucha UA 37000
Chernobyl UA 1000|Chornobyl; Kramatorsk UA 150000; Pripyat UA 1; Fallujah IQ 250000; Ramadi IQ 220000; Tikrit IQ 160000
Samarra IQ 160000; Idlib SY 165000; Palmyra SY 50000; Kobani SY 45000; Ramallah PS 39000; Bethlehem PS 29000
Hebron PS 215000; Jenin PS 50000; Nablus PS 160000; Rafah PS 170000; Khan Yunis PS 205000; Nazareth IL 78000
Haifa IL 285000; Sidon LB 80000; Tyre LB 60000; Petra JO 30000; Natanz IR 14000; Timbuktu ML 54000
Robben Island ZA 100; Guantanamo CU 216000; Key West US 25000; Roswell US 48000; Los Alamos US 13000
Palo Alto US 68000; Mountain View US 82000; Cupertino US 60000; Menlo Park US 33000; Berkeley US 124000
Santa Barbara US 88000; Santa Cruz US 62000; Hollywood US 153000; Beverly Hills US 32000; Malibu US 10000
Santa Monica US 93000; Pasadena US 138000; Compton US 95000; Ferguson US 18000; Charlottesville US 46000
Gettysburg US 7000; Annapolis US 40000; Savannah US 147000; Charleston US 150000; Chattanooga US 181000
Knoxville US 190000; Birmingham US 200000; Montgomery US 200000; Selma US 17000; Tuscaloosa US 100000
Little Rock US 202000; Des Moines US 214000; Madison US 270000; Green Bay US 107000; Duluth US 86000; Fargo US 126000
Spokane US 229000; Tacoma US 219000; Boise US 235000; Reno US 264000; Santa Fe US 87000; Anchorage US 291000
Juneau US 32000; Buffalo US 278000; Rochester US 211000; Syracuse US 148000; Albany US 99000; Ithaca US 32000
Hartford US 121000; New Haven US 134000; Providence US 190000; Newark US 305000; Trenton US 90000; Princeton US 30000
Richmond US 226000; Norfolk US 238000; Akron US 190000; Toledo US 270000; Flint US 81000; Ann Arbor US 123000
Grand Rapids US 198000; Fort Lauderdale US 182000; Tallahassee US 196000; Salzgitter DE 104000; Aberdeen GB 198000
Dundee GB 148000; Inverness GB 47000; Brighton GB 277000; Southampton GB 250000; Portsmouth GB 208000
Plymouth GB 264000; Norwich GB 144000; York GB 141000; Canterbury GB 55000; Exeter GB 130000; Wolverhampton GB 263000
Sunderland GB 274000; Middlesbrough GB 148000; Grimsby GB 86000; Blackpool GB 141000; Galway IE 84000
Limerick IE 102000; Victoria CA 91000; Saskatoon CA 266000; Regina CA 226000; Banff CA 8000; Hobart AU 197000
Darwin AU 139000; Alice Springs AU 25000; Geelong AU 264000; Queenstown NZ 29000; Kyrenia CY 33000; Cork IE 222000; Bath GB 94000
Mobile US 187000; Split HR 161000
"""

# Words for people of a country, or of a region where no code is given: the adjective, then variants and nouns.
# A plural in -s is added to those in -n, -i, -r and -t.
DEMONYMS = """
AF Afghan|Afghani; AG Antiguan; AL Albanian; AR Argentine|Argentines|Argentinian|Argentinean; AZ Azerbaijani|Azeri
BA Bosnian; BD Bangladeshi; BM Bermudian; BT Bhutanese; BW Botswanan|Batswana; CD Congolese; CG -; CH Swiss
CK Cook Islander; CN Chinese; CV Cape Verdean; CZ Czech|Czechs; DE German; DJ Djiboutian; DK Danish|Dane|Danes
DO Dominican; DM -; ES Spanish|Spaniard|Spaniards; FI Finnish|Finn|Finns; FO Faroese; FR French|Frenchman
GB British|Briton|Britons|Brit|Brits; GE Georgian; GF -; GI Gibraltarian; GL Greenlandic|Greenlander; GP Guadeloupean
GR Greek|Greeks; GU Guamanian; GW Bissau-Guinean; HK Hong Konger; IE Irish|Irishman; IM Manx; JE -; GG -; KI -; KN -
KY Caymanian; KZ Kazakh|Kazakhs|Kazakhstani; LI Liechtensteiner; LS Basotho; LU Luxembourger; MC Monegasque; MO Macanese
MQ Martinican; MS -; MV Maldivian; MX Mexican; NC New Caledonian; NL Dutch|Dutchman; NP Nepali|Nepalese
NZ New Zealander; PF Polynesian; PH Filipino|Filipinos|Filipina|Filipinas; PL Polish|Pole|Poles; PS Palestinian; PT Portuguese
QA Qatari; RE -; SA Saudi|Saudi Arabian; SC Seychellois; SE Swedish|Swede|Swedes; SH -; SI Slovenian|Slovene
SK Slovak|Slovaks|Slovakian; SM Sammarinese; SR Surinamese; SS South Sudanese; SX -; TC -; TD Chadian; TM Turkmen
TR Turkish|Turk|Turks; TT Trinidadian; TW Taiwanese; UA Ukrainian; AE Emirati; US American; UZ Uzbek|Uzbeks; VA -; VC -
VE Venezuelan; VG -; VI -; VN Vietnamese; VU Vanuatuan; WS Samoan; XK Kosovar|Kosovan; YE Yemeni; EH Sahrawi; CW -; MP -
FK -; NR Nauruan; TV Tuvaluan; TO Tongan; ZW Zimbabwean; BF Burkinabe; TL Timorese; AS -; AI -; AW Aruban; PR Puerto Rican
GB English|Englishman; GB Scottish|Scot|Scots|Scotsman; GB Welsh|Welshman; IR Persian; MM Burmese; TH Thai|Thais; IQ Iraqi
RU Soviet|Soviets; KR Korean; TJ Tajik|Tajiks; IS Icelandic|Icelander; MG Malagasy|Madagascan; LA Laotian; SO Somali; CI Ivorian; SG Singaporean; GD Grenadian; LC Saint Lucian
- European; - African; - Asian; - Arab|Arabs; - Latin American; - Middle Eastern|Middle Easterner; - Scandinavian; - Kurdish|Kurd|Kurds
- Tibetan; - Uyghur|Uighur; - Catalan; - Basque|Basques; - Chechen; - Tatar;  - Balkan; - Slavic|Slav|Slavs
- Sicilian; - Bavarian; - Flemish; - Cornish; - Bengali; - Punjabi; - Tamil|Tamils; - Pashtun; - Tajik
- Hispanic|Hispanics; - Latino|Latinos|Latina|Latinas; - Native American; - Aboriginal; - Maori; - Zulu|Zulus; - Hutu|Hutus; - Tutsi; - Yoruba; - Igbo
- Texan; - Californian; - New Yorker; - Hawaiian; - Alaskan; - Floridian; - Londoner; - Parisian; - Berliner
- Bostonian; - Venetian; - Roman; - Viennese; - Cantonese
"""
