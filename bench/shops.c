#include "shops.h"

enum { GBP = 826, EUR = 978, JPY = 392, USD = 840 };

/* clang-format off */
const struct shop shops[] = {
    {SHOP_IN_PERSON, "HEDGEROW BOOKS", "SHREWSBURY", "GBR", GBP, 5942, "Book Stores", 599, 4200},
    {SHOP_IN_PERSON, "CORNER COFFEE", "LONDON", "GBR", GBP, 5814, "Fast Food Restaurants", 240, 980},
    {SHOP_IN_PERSON, "GREENLANE GROCERS", "BRISTOL", "GBR", GBP, 5411, "Grocery Stores", 310, 9400},
    {SHOP_IN_PERSON, "MILLBROOK PHARMACY", "LEEDS", "GBR", GBP, 5912, "Drug Stores", 199, 3800},
    {SHOP_IN_PERSON, "CITY TRAMS", "MANCHESTER", "GBR", GBP, 4111, "Local Commuter Transport", 150, 780},
    {SHOP_IN_PERSON, "O'HARA & SONS HARDWARE", "YORK", "GBR", GBP, 5251, "Hardware Stores", 450, 15900},
    {SHOP_IN_PERSON, "MARKTHALLE SUED", "BERLIN", "DEU", EUR, 5411, "Grocery Stores", 280, 8800},
    {SHOP_IN_PERSON, "BOULANGERIE DU PONT", "LYON", "FRA", EUR, 5462, "Bakeries", 120, 1450},
    {SHOP_IN_PERSON, "CAFE ZENTRAL", "WIEN", "AUT", EUR, 5814, "Fast Food Restaurants", 310, 1900},
    {SHOP_IN_PERSON, "FARMACIA LUZ", "SEVILLA", "ESP", EUR, 5912, "Drug Stores", 350, 5200},
    {SHOP_IN_PERSON, "BICI MILANO", "MILANO", "ITA", EUR, 5940, "Bicycle Shops", 900, 26000},
    {SHOP_IN_PERSON, "KONBINI HIKARI", "TOKYO", "JPN", JPY, 5499, "Convenience Stores", 140, 2400},
    {SHOP_IN_PERSON, "EKI RAMEN", "OSAKA", "JPN", JPY, 5814, "Fast Food Restaurants", 650, 1800},
    {SHOP_IN_PERSON, "MINATO ELECTRIC", "TOKYO", "JPN", JPY, 5732, "Electronics Stores", 1980, 64000},
    {SHOP_IN_PERSON, "SAKURA BOOKS", "KYOTO", "JPN", JPY, 5942, "Book Stores", 480, 5600},
    {SHOP_IN_PERSON, "HARBOR DELI", "NEW YORK", "USA", USD, 5812, "Eating Places", 800, 4600},
    {SHOP_ONLINE, "PAPERBOAT.EXAMPLE", "LONDON", "GBR", GBP, 5943, "Stationery Stores", 499, 7900},
    {SHOP_ONLINE, "WOOLLY THINGS ONLINE", "EDINBURGH", "GBR", GBP, 5651, "Family Clothing Stores", 1500, 14900},
    {SHOP_ONLINE, "TRENITALIANO.EXAMPLE", "ROMA", "ITA", EUR, 4112, "Passenger Railways", 1290, 18900},
    {SHOP_ONLINE, "SPIELWARE24", "HAMBURG", "DEU", EUR, 5945, "Hobby and Toy Shops", 999, 11900},
    {SHOP_ONLINE, "ICHIBA TSUHAN", "TOKYO", "JPN", JPY, 5964, "Catalog Merchants", 1280, 24800},
    {SHOP_ONLINE, "CLOUD DESK INC", "SEATTLE", "USA", USD, 5734, "Computer Software Stores", 500, 9900},
    {SHOP_CASH, "NORTHGATE BANK ATM 7", "LEEDS", "GBR", GBP, 6011, "Automated Cash Disburse", 2000, 25000},
    {SHOP_CASH, "SPARKASSE GA 114", "KOELN", "DEU", EUR, 6011, "Automated Cash Disburse", 2000, 40000},
    {SHOP_CASH, "YUCHO ATM SHIBUYA", "TOKYO", "JPN", JPY, 6011, "Automated Cash Disburse", 5000, 60000},
    {SHOP_RESTAURANT, "THE COPPER PAN", "LONDON", "GBR", GBP, 5812, "Eating Places", 1800, 9600},
    {SHOP_RESTAURANT, "TRATTORIA DEL SOLE", "NAPOLI", "ITA", EUR, 5812, "Eating Places", 1900, 11200},
    {SHOP_RESTAURANT, "SUSHI KAWA", "SAPPORO", "JPN", JPY, 5812, "Eating Places", 2200, 12800},
    {SHOP_HOTEL, "RIVERSIDE INN", "BATH", "GBR", GBP, 7011, "Hotels and Motels", 7900, 24000},
    {SHOP_HOTEL, "HOTEL MIRAMAR", "LISBOA", "PRT", EUR, 7011, "Hotels and Motels", 6900, 21000},
    {SHOP_HOTEL, "RYOKAN SHIZUKA", "HAKONE", "JPN", JPY, 7011, "Hotels and Motels", 12000, 38000},
    {SHOP_SUBSCRIPTION, "STREAMHOUSE", "LONDON", "GBR", GBP, 4899, "Cable and Pay Television", 799, 1299},
    {SHOP_SUBSCRIPTION, "MUSIQUE ILLIMITEE", "PARIS", "FRA", EUR, 5815, "Digital Media", 599, 1099},
    {SHOP_SUBSCRIPTION, "MANGA PASS", "TOKYO", "JPN", JPY, 5815, "Digital Media", 480, 980},
};
/* clang-format on */
const size_t shops_count = sizeof shops / sizeof shops[0];
