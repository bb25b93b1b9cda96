"""What a linked firmware is made of: ELF, disassembly, flow graph, timing table."""
