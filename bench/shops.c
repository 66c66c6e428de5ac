#include "shops.h"

enum { GBP = 826, EUR = 978, JPY = 392, USD = 840 };

/* clang-format off */
const struct shop shops[] = {
    {"HEDGEROW BOOKS", "SHREWSBURY", "GBR", "Book Stores", SHOP_IN_PERSON, 599, 4200, GBP, 5942},
    {"CORNER COFFEE", "LONDON", "GBR", "Fast Food Restaurants", SHOP_IN_PERSON, 240, 980, GBP, 5814},
    {"GREENLANE GROCERS", "BRISTOL", "GBR", "Grocery Stores", SHOP_IN_PERSON, 310, 9400, GBP, 5411},
    {"MILLBROOK PHARMACY", "LEEDS", "GBR", "Drug Stores", SHOP_IN_PERSON, 199, 3800, GBP, 5912},
    {"CITY TRAMS", "MANCHESTER", "GBR", "Local Commuter Transport", SHOP_IN_PERSON, 150, 780, GBP, 4111},
    {"O'HARA & SONS HARDWARE", "YORK", "GBR", "Hardware Stores", SHOP_IN_PERSON, 450, 15900, GBP, 5251},
    {"MARKTHALLE SUED", "BERLIN", "DEU", "Grocery Stores", SHOP_IN_PERSON, 280, 8800, EUR, 5411},
    {"BOULANGERIE DU PONT", "LYON", "FRA", "Bakeries", SHOP_IN_PERSON, 120, 1450, EUR, 5462},
    {"CAFE ZENTRAL", "WIEN", "AUT", "Fast Food Restaurants", SHOP_IN_PERSON, 310, 1900, EUR, 5814},
    {"FARMACIA LUZ", "SEVILLA", "ESP", "Drug Stores", SHOP_IN_PERSON, 350, 5200, EUR, 5912},
    {"BICI MILANO", "MILANO", "ITA", "Bicycle Shops", SHOP_IN_PERSON, 900, 26000, EUR, 5940},
    {"KONBINI HIKARI", "TOKYO", "JPN", "Convenience Stores", SHOP_IN_PERSON, 140, 2400, JPY, 5499},
    {"EKI RAMEN", "OSAKA", "JPN", "Fast Food Restaurants", SHOP_IN_PERSON, 650, 1800, JPY, 5814},
    {"MINATO ELECTRIC", "TOKYO", "JPN", "Electronics Stores", SHOP_IN_PERSON, 1980, 64000, JPY, 5732},
    {"SAKURA BOOKS", "KYOTO", "JPN", "Book Stores", SHOP_IN_PERSON, 480, 5600, JPY, 5942},
    {"HARBOR DELI", "NEW YORK", "USA", "Eating Places", SHOP_IN_PERSON, 800, 4600, USD, 5812},
    {"PAPERBOAT.EXAMPLE", "LONDON", "GBR", "Stationery Stores", SHOP_ONLINE, 499, 7900, GBP, 5943},
    {"WOOLLY THINGS ONLINE", "EDINBURGH", "GBR", "Family Clothing Stores", SHOP_ONLINE, 1500, 14900, GBP, 5651},
    {"TRENITALIANO.EXAMPLE", "ROMA", "ITA", "Passenger Railways", SHOP_ONLINE, 1290, 18900, EUR, 4112},
    {"SPIELWARE24", "HAMBURG", "DEU", "Hobby and Toy Shops", SHOP_ONLINE, 999, 11900, EUR, 5945},
    {"ICHIBA TSUHAN", "TOKYO", "JPN", "Catalog Merchants", SHOP_ONLINE, 1280, 24800, JPY, 5964},
    {"CLOUD DESK INC", "SEATTLE", "USA", "Computer Software Stores", SHOP_ONLINE, 500, 9900, USD, 5734},
    {"NORTHGATE BANK ATM 7", "LEEDS", "GBR", "Automated Cash Disburse", SHOP_CASH, 2000, 25000, GBP, 6011},
    {"SPARKASSE GA 114", "KOELN", "DEU", "Automated Cash Disburse", SHOP_CASH, 2000, 40000, EUR, 6011},
    {"YUCHO ATM SHIBUYA", "TOKYO", "JPN", "Automated Cash Disburse", SHOP_CASH, 5000, 60000, JPY, 6011},
    {"THE COPPER PAN", "LONDON", "GBR", "Eating Places", SHOP_RESTAURANT, 1800, 9600, GBP, 5812},
    {"TRATTORIA DEL SOLE", "NAPOLI", "ITA", "Eating Places", SHOP_RESTAURANT, 1900, 11200, EUR, 5812},
    {"SUSHI KAWA", "SAPPORO", "JPN", "Eating Places", SHOP_RESTAURANT, 2200, 12800, JPY, 5812},
    {"RIVERSIDE INN", "BATH", "GBR", "Hotels and Motels", SHOP_HOTEL, 7900, 24000, GBP, 7011},
    {"HOTEL MIRAMAR", "LISBOA", "PRT", "Hotels and Motels", SHOP_HOTEL, 6900, 21000, EUR, 7011},
    {"RYOKAN SHIZUKA", "HAKONE", "JPN", "Hotels and Motels", SHOP_HOTEL, 12000, 38000, JPY, 7011},
    {"STREAMHOUSE", "LONDON", "GBR", "Cable and Pay Television", SHOP_SUBSCRIPTION, 799, 1299, GBP, 4899},
    {"MUSIQUE ILLIMITEE", "PARIS", "FRA", "Digital Media", SHOP_SUBSCRIPTION, 599, 1099, EUR, 5815},
    {"MANGA PASS", "TOKYO", "JPN", "Digital Media", SHOP_SUBSCRIPTION, 480, 980, JPY, 5815},
};
/* clang-format on */
const size_t shops_count = sizeof shops / sizeof shops[0];
