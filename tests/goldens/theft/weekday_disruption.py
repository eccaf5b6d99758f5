"""weekday_disruption: weekends against working days, and how much the days of the week differ."""
import math

from theft_series import NAN, columns, deviation, mean, undefined


def weekend_ratio(days):
    work, weekend = [v for day, v in days if day < 5], [v for day, v in days if day >= 5]
    if len(work) < 10 or len(weekend) < 4 or sum(work) <= 0:
        return NAN
    return mean(weekend) / mean(work)


def pattern(days):
    week = [[v for day, v in days if day == wanted] for wanted in range(7)]
    if min(map(len, week)) < 3:
        return NAN
    means = [mean(values) for values in week]
    return deviation(means) / mean(means) if mean(means) > 0 else NAN


def correlation(pairs):
    if len(pairs) < 14:
        return NAN
    a, b = ([pair[side] for pair in pairs] for side in (0, 1))
    if len(set(a)) == 1 or len(set(b)) == 1:
        return NAN
    covariance = mean([(u - mean(a)) * (v - mean(b)) for u, v in pairs])
    return covariance / (deviation(a) * deviation(b))


def oracle(series):
    names = ("weekend_ratio", "weekend_ratio_change", "pattern", "pattern_first_half", "pattern_second_half", "pattern_kept",
             "lag_7_correlation")
    if series.per_day < 1:
        return columns("stat", undefined(*names))
    days = [(i, (series.date(i).weekday(), value)) for i, value in series.seen]
    whole = [day for _, day in days]
    first = [day for i, day in days if i < len(series) // 2]
    second = [day for i, day in days if i >= len(series) // 2]
    old, new = pattern(first), pattern(second)
    week = 7 * series.per_day
    pairs = [(a, b) for a, b in zip(series.values, series.values[week:]) if a is not None and b is not None]
    return columns("stat", dict(zip(names, (
        weekend_ratio(whole), weekend_ratio(second) - weekend_ratio(first), pattern(whole), old, new,
        new / old if old != 0 else math.copysign(math.inf, new) if new != 0 and not math.isnan(new) else NAN, correlation(pairs)))))


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__weekday_disruption__stat_"weekend_ratio";1.2926645527424303;1.1830594923371358;0.8879944718387961;0.9017089579912062;0.8576239241696137;0.8832764668862024;1.007445359373855;0.9873922643276998;nan;1.0;1.0;1.25;nan;nan;nan;nan;nan;nan;nan;0.9679092216060794;0.8756687571995392;0.9870224566533164;1.0;0.994837161039018;0.9335911103746053;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan
value__weekday_disruption__stat_"weekend_ratio_change";-0.03492345026940402;-0.12504005796532902;0.05457816061542431;-0.10845921375069045;-0.07994901910983054;0.04417753190587459;0.11900423493493284;0.21670645454140403;nan;0.0;0.0;0.0;nan;nan;nan;nan;nan;nan;nan;nan;0.1772067971021387;0.00858813918329504;0.0;-0.017997438827449086;0.20465554089036775;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan
value__weekday_disruption__stat_"pattern";0.12663584054080695;0.08846863239506371;0.112917491051834;0.09273545492950319;0.15026469946402102;0.14227435824847504;0.09380384594400336;0.28415637622834433;nan;0.0;0.0;0.6207035095851386;nan;nan;nan;nan;nan;nan;nan;nan;0.1088438748019734;0.06349322073741338;0.0;0.02383604019478616;0.08390065047758438;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan
value__weekday_disruption__stat_"pattern_first_half";0.13223702255673295;0.10974188289142904;0.09539995956608387;0.08511207329703799;0.14082601561991226;0.1462960046388437;0.06388259688976694;0.570469117245851;nan;0.0;0.0;0.6207035095851386;nan;nan;nan;nan;nan;nan;nan;nan;0.17638330486919665;0.07122803082763765;0.0;nan;0.13306012648189022;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan
value__weekday_disruption__stat_"pattern_second_half";0.12251467481556261;0.050785487326753184;0.1484566450235126;0.1157050134763809;0.20297775404088436;0.14724334276920573;0.14277476306130302;0.5743731432721307;nan;0.0;0.0;0.6207035095851386;nan;nan;nan;nan;nan;nan;nan;nan;0.11162456577889736;0.06669013338042976;0.0;nan;0.09099498384678548;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan
value__weekday_disruption__stat_"pattern_kept";0.9264778686543762;0.4627721521508502;1.5561499784565023;1.3594430143015632;1.4413370508807044;1.0064754887373766;2.23495552799253;1.0068435361499108;nan;nan;nan;1.0;nan;nan;nan;nan;nan;nan;nan;nan;0.6328522184209926;0.9362905671477988;nan;nan;0.6838636506118916;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan
value__weekday_disruption__stat_"lag_7_correlation";0.5551420878805179;0.7774506230540564;0.3512349546674604;0.5752610608368031;-0.05554348248199129;0.6180865569856908;0.5425720982564072;0.10735527138331095;0.026527160584282592;nan;nan;1.0000000000000002;nan;nan;nan;nan;nan;nan;nan;nan;-0.12517185427248478;0.061360212439882225;nan;nan;0.12915443124035508;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan
"""
