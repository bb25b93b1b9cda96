"""Returns of the float32 policy and of its int8 program, measured and said so.

Serves `policy.reward`. Paired episodes, a sample size fixed beforehand, a bound that is valid for every distribution.
Needs gymnasium. Averages over the environment's own initial states; what the worst state does is another question.
"""
