"""Each transaction put to the desk: a message's record becomes one question, its answer the output's record."""
