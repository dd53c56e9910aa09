"""What is particular to a country: its tables, calendar, cohorts, roles of sectors, official months."""
