/-! Machine words and shifts: definitions evaluated by the kernel, and the laws that relate them to integers. -/
theorem b_literal : (300#8 : BitVec 8).toNat = 44 := by decide
theorem b_wrap : (200#8 + 100#8).toNat = 44 := by decide
theorem b_sub : (1#8 - 2#8).toInt = -1 := by decide
theorem b_mul : (100#8 * 3#8).toInt = 44 := by decide
theorem b_neg : (-(1#32)).toNat = 4294967295 := by decide
theorem b_and : (0xf0#8 &&& 0x3c#8) = 0x30#8 := by decide
theorem b_or : (0xf0#8 ||| 0x0f#8) = 0xff#8 := by decide
theorem b_xor : (0xff#8 ^^^ 0x0f#8) = 0xf0#8 := by decide
theorem b_shl : (0x81#8 <<< 1) = 0x02#8 := by decide
theorem b_shr : (0x81#8 >>> 1) = 0x40#8 := by decide
theorem b_sar : (BitVec.sshiftRight 0x81#8 1) = 0xc0#8 := by decide
theorem b_slt : BitVec.slt 0xff#8 0x01#8 = true := by decide
theorem b_ult : BitVec.ult 0xff#8 0x01#8 = false := by decide
theorem b_signExtend : (BitVec.signExtend 16 0x80#8) = 0xff80#16 := by decide
theorem b_setWidth : (BitVec.setWidth 8 0x1234#16) = 0x34#8 := by decide
theorem b_comm (x y : BitVec 32) : x + y = y + x := BitVec.add_comm x y
theorem b_assoc (x y z : BitVec 32) : x + y + z = x + (y + z) := BitVec.add_assoc x y z
theorem b_toNat (x y : BitVec 8) (h : x.toNat + y.toNat < 256) : (x + y).toNat = x.toNat + y.toNat :=
  BitVec.toNat_add_of_lt h
theorem b_roundtrip (i : Int) (h : -128 ≤ i) (h' : i ≤ 127) : (BitVec.ofInt 8 i).toInt = i :=
  BitVec.toInt_ofInt_eq_self (by omega) (by omega)
theorem b_range (x : BitVec 8) : -128 ≤ x.toInt ∧ x.toInt ≤ 127 := by
  have h1 := x.two_mul_toInt_lt
  have h2 := x.le_two_mul_toInt
  omega
theorem b_ext (x y : BitVec 8) (h : x.toInt = y.toInt) : x = y := BitVec.toInt_inj.mp h
theorem i_shift (z : Int) : z >>> 3 = z / 8 := Int.shiftRight_eq_div_pow z 3
theorem i_shift_negative : (-7 : Int) >>> 1 = -4 := by decide
theorem i_shift_add (z : Int) (m n : Nat) : z >>> (m + n) = z >>> m >>> n := Int.shiftRight_add z m n
theorem i_mul_le (a b c : Int) (h : a ≤ b) (hc : 0 ≤ c) : a * c ≤ b * c := Int.mul_le_mul_of_nonneg_right h hc
theorem i_ediv_mono (a b : Int) (h : a ≤ b) : a / 128 ≤ b / 128 := Int.ediv_le_ediv (by decide) h
theorem i_le_ediv (a b : Int) : a ≤ b / 7 ↔ a * 7 ≤ b := Int.le_ediv_iff_mul_le (by decide)
theorem i_mul_zero (a b : Int) (h : a * b = 0) : a = 0 ∨ b = 0 := Int.mul_eq_zero.mp h
theorem n_land (x : Nat) : x &&& (2 ^ 8 - 1) = x % 2 ^ 8 := Nat.and_two_pow_sub_one_eq_mod x 8
theorem n_log2 (n : Nat) (h : n ≠ 0) : 2 ^ n.log2 ≤ n ∧ n < 2 ^ (n.log2 + 1) := ⟨Nat.log2_self_le h, Nat.lt_log2_self⟩
