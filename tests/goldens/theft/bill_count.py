"""bill_count: bills, with a value or without."""


def oracle(series):
    return {"": len(series)}


GOLDEN = """
feature;house;drop;zero_streaks;clipped;on_and_off;plateau;late_start;solar;export;all_quarters;all_tenths;weeks_of_tenths;all_zero;never_read;days_1;days_2;days_3;days_5;days_9;days_20;days_45;half_hours;half_hours_of_tenths;large;nights_off;months;weeks;steps;bills;bills_with_gaps;bills_with_zeros;bills_that_fall;bills_below_zero;codes;events;same_bills;five_bills;two_bills;one_bill;no_bill_read
value__bill_count;1150.0;700.0;420.0;300.0;300.0;250.0;315.0;160.0;50.0;60.0;60.0;84.0;60.0;40.0;1.0;2.0;3.0;5.0;9.0;20.0;45.0;1440.0;1000.0;300.0;480.0;75.0;120.0;90.0;44.0;30.0;28.0;24.0;16.0;35.0;26.0;12.0;5.0;2.0;1.0;4.0
"""
