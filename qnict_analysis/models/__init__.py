"""The closed forms behind every forecast: arrays in, arrays out, no file, no frame, no clock.

``drift``    shrunk damped drift of shares and ratios (posterior and predictive, time in years)
``mixture``  the distribution averaged over scales: its CDF and the inverse
``student``  the CDF of Student's t, quickly
``ladder``   distributions of shares as tables: combined, read and inverted
``trends``   damped local linear trends, averaged over a grid of settings
``analogues`` what like series did over the same horizon
``parts``    a whole as the sum of its parts
``pool``     priors from like series: leave-one-out, robust, blended with the shipped ones
``hazard``   units that adopt one by one (k of N)
``counts``   items that come in batches
``copula``   random streams shared by all indicators, and the placing of exact marginals by rank
"""
