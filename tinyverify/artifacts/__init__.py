"""The three contracts (training artifact, quantized policy, proof bundle), their hashes and their files."""
