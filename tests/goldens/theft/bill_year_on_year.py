"""bill_year_on_year: ln(bill + 10) against the bill nearest to a year earlier, within 80 days."""
import math

from theft_series import DAY, NAN, columns


def log(value):
    return math.log(max(value, 0) + 10)


def change(times, values):
    """Of the last against the earlier ones."""
    distances = [abs(times[-1] - 365.25 * DAY - time) for time in times[:-1]]
    if not distances or min(distances) >= 80 * DAY:
        return NAN
    return log(values[-1]) - log(values[distances.index(min(distances))])


def oracle(series):
    times, values = series.seen_times, series.seen_values
    return columns("k", {k: change(times[:len(times) - k], values[:len(times) - k]) if k < len(times) else NAN for k in range(6)})


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__bill_year_on_year__k_0;0.15574557649707454;-0.6739850144176733;1.1951338556587312;0.0;0.75097068330447;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;-0.020339684237122846;-0.29832006160057656;nan;-0.8682410342324465;-2.7618606499997824;nan;-1.1631508098056806;0.0;0.0;-0.09531017980432477;0.0;nan;nan;nan;nan
value__bill_year_on_year__k_1;0.08232370917810261;-0.6778561265824616;0.5116253039365546;0.0;0.6197956211326816;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;-0.05755328057755715;-0.13708802990287694;nan;-1.077669114822866;nan;nan;-0.7178397931503171;-1.4448885253859434;-0.018605187831034264;-0.09531017980432477;0.0;nan;nan;nan;nan
value__bill_year_on_year__k_2;-0.15343494557267912;-0.551988199678719;0.7668622183822258;-0.004454350349380132;0.9641565642890364;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;-0.030115780693573235;-0.003379777147910268;nan;-1.343147029963637;0.23194008944354572;-3.508555899982655;0.9403882834532151;0.0;0.018605187831034264;0.0;0.0;nan;nan;nan;nan
value__bill_year_on_year__k_3;-0.015469921772131912;-0.29247758284079906;0.8586616190375187;-0.17488262769695595;0.734319049712028;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.06201151060757404;0.13422824777138143;nan;0.002306806097915448;-0.4890518242164301;3.508555899982655;1.6094379124341;3.039749158970765;0.0;-0.09531017980432477;0.0;nan;nan;nan;nan
value__bill_year_on_year__k_4;0.013148978374137865;-0.443237044256235;0.8829407521926007;0.0;0.6672898672620047;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.03995939203272858;0.17374356130737834;nan;0.7610978424684536;1.357438904287335;-1.259177358673032;0.23361485118150505;0.0;0.0;0.0;nan;nan;nan;nan;nan
value__bill_year_on_year__k_5;0.27314693283266767;-0.24902885419393872;0.27890010025252643;-0.28383761998646584;0.7463729740558405;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;nan;0.026680008259690524;-0.008373855664444818;nan;1.8621402659898552;0.9956643194156669;3.086486636822455;-0.5773153650348242;3.2027464429383166;0.018605187831034264;0.0;nan;nan;nan;nan;nan
"""
