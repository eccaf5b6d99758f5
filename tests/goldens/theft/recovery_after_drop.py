"""recovery_after_drop: the lowest tenth of the readings on end, and the levels before and after it."""
import math

from theft_series import NAN, columns, mean, undefined


def oracle(series):
    x = series.seen_values
    window = max(3, len(x) // 10)
    if len(x) < 3 * window or sum(x) <= 0:
        return columns("stat", undefined("lowest_place", "before_ratio", "after_ratio"))
    lowest = min(range(len(x) - window + 1), key=lambda at: round(math.fsum(x[at:at + window]), 9))
    return columns("stat", {"lowest_place": lowest / (len(x) - window), "before_ratio": mean(x[:lowest]) / mean(x),
                            "after_ratio": mean(x[lowest + window:]) / mean(x)})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__recovery_after_drop__stat_"lowest_place";0.44336569579288027;0.8206349206349206;0.3956639566395664;0.6888888888888889;0.6481481481481481;0.8084112149532711;1.0;0.6805555555555556;nan;0.0;0.0;0.0;nan;nan;nan;nan;nan;nan;0.8333333333333334;0.11764705882352941;0.6585365853658537;0.3967871485943775;0.0;0.003703703703703704;0.8680555555555556;0.5714285714285714;0.1574074074074074;0.9861111111111112;0.8;0.6190476190476191;0.56;0.7619047619047619;nan;0.0;0.0;0.0;nan;nan;nan;nan
value__recovery_after_drop__stat_"before_ratio";1.0167823810856444;1.2353605267183139;1.091015080636301;1.0741266423205744;0.9829699665225141;1.091191722149922;1.0515639611560732;1.0100451926260685;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;1.1335852411647034;1.016149519143531;1.0586698167239406;1.0850360305356592;nan;1.2103425545606554;1.0637671667935722;1.0688706625873154;1.0409124290143008;1.0315152499916849;1.0477179806239445;1.1537095231589014;1.0947916666666666;1.3715144887916895;nan;nan;nan;nan;nan;nan;nan;nan
value__recovery_after_drop__stat_"after_ratio";1.065916489879785;0.3972161264761858;1.1242681534847534;0.9629694574458997;1.1994462836479507;0.8627716997856527;nan;1.204911681577091;nan;1.0;1.0;1.010796221322537;nan;nan;nan;nan;nan;nan;1.3389642142698377;1.04460170567955;0.9577668051756785;0.9785942807759851;1.0;1.0068627947648403;0.8682884712778123;1.0711515107110543;1.0039325013117064;1.0251248499864505;1.1365656386099012;0.927619893428064;1.1520833333333333;0.3227993439037725;nan;1.0269846279518788;1.1304347826086956;1.0;nan;nan;nan;nan
"""
