"""The batch on a Spark cluster: the same blocks, settled by the same code, on as many machines as there are.

The driver looks at the persons alone and says where each part begins and ends; the workers settle parts and write
their files, so the result has the same bytes as a run on one machine. Only a table out of order is moved about: Spark
sorts it.
"""
