"""How the bundled model `flowers` was made: teacher, student, export and evaluation."""
