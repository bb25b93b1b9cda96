prelude
import Init.Int.Lemmas
import Init.Nat.Accelerated
/-! Bit vectors: definitions, and what their operations are on naturals and integers. Mirrors `Data.BitVec.Basic` and the
lemmas of `Data.BitVec.Lemmas` that arithmetic of machine words needs. -/
set_option autoImplicit false
set_option linter.all false
namespace BitVec
protected def ofNatLT {w : Nat} (i : Nat) (p : i < 2 ^ w) : BitVec w := ⟨⟨i, p⟩⟩
protected def toNat {w : Nat} (x : BitVec w) : Nat := x.toFin.val
protected def ofNat (n i : Nat) : BitVec n := ⟨⟨i % 2 ^ n, Nat.mod_lt _ (Nat.two_pow_pos n)⟩⟩
protected def toInt {n : Nat} (x : BitVec n) : Int :=
  if 2 * x.toNat < 2 ^ n then x.toNat else (x.toNat : Int) - ((2 ^ n : Nat) : Int)
protected def ofInt (n : Nat) (i : Int) : BitVec n := BitVec.ofNat n (i % ((2 ^ n : Nat) : Int)).toNat
instance instOfNat {w n : Nat} : OfNat (BitVec w) n := ⟨.ofNat w n⟩
instance instDecidableEq {w : Nat} : DecidableEq (BitVec w) := fun x y =>
  if h : x.toNat = y.toNat then
    isTrue (match x, y, h with | ⟨⟨_, _⟩⟩, ⟨⟨_, _⟩⟩, rfl => rfl)
  else isFalse (fun e => h (congrArg BitVec.toNat e))
section
variable {n : Nat}
protected def add (x y : BitVec n) : BitVec n := .ofNat n (x.toNat + y.toNat)
protected def sub (x y : BitVec n) : BitVec n := .ofNat n ((2 ^ n - y.toNat) + x.toNat)
protected def mul (x y : BitVec n) : BitVec n := .ofNat n (x.toNat * y.toNat)
protected def neg (x : BitVec n) : BitVec n := .ofNat n (2 ^ n - x.toNat)
protected def and (x y : BitVec n) : BitVec n := .ofNat n (x.toNat &&& y.toNat)
protected def or (x y : BitVec n) : BitVec n := .ofNat n (x.toNat ||| y.toNat)
protected def xor (x y : BitVec n) : BitVec n := .ofNat n (x.toNat ^^^ y.toNat)
protected def not (x : BitVec n) : BitVec n := .ofNat n (2 ^ n - 1 - x.toNat)
protected def shiftLeft (x : BitVec n) (s : Nat) : BitVec n := .ofNat n (x.toNat <<< s)
protected def ushiftRight (x : BitVec n) (s : Nat) : BitVec n := .ofNat n (x.toNat >>> s)
def sshiftRight (x : BitVec n) (s : Nat) : BitVec n := .ofInt n (x.toInt >>> s)
protected def ult (x y : BitVec n) : Bool := decide (x.toNat < y.toNat)
protected def ule (x y : BitVec n) : Bool := decide (x.toNat ≤ y.toNat)
protected def slt (x y : BitVec n) : Bool := decide (x.toInt < y.toInt)
protected def sle (x y : BitVec n) : Bool := decide (x.toInt ≤ y.toInt)
def setWidth {w : Nat} (v : Nat) (x : BitVec w) : BitVec v := .ofNat v x.toNat
def signExtend {w : Nat} (v : Nat) (x : BitVec w) : BitVec v := .ofInt v x.toInt
instance instAdd : Add (BitVec n) := ⟨BitVec.add⟩
instance instSub : Sub (BitVec n) := ⟨BitVec.sub⟩
instance instMul : Mul (BitVec n) := ⟨BitVec.mul⟩
instance instNeg : Neg (BitVec n) := ⟨BitVec.neg⟩
instance instAndOp : AndOp (BitVec n) := ⟨BitVec.and⟩
instance instOrOp : OrOp (BitVec n) := ⟨BitVec.or⟩
instance instXorOp : XorOp (BitVec n) := ⟨BitVec.xor⟩
instance instHShiftLeftNat : HShiftLeft (BitVec n) Nat (BitVec n) := ⟨BitVec.shiftLeft⟩
instance instHShiftRightNat : HShiftRight (BitVec n) Nat (BitVec n) := ⟨BitVec.ushiftRight⟩
instance instLT : LT (BitVec n) := ⟨fun x y => x.toNat < y.toNat⟩
instance instLE : LE (BitVec n) := ⟨fun x y => x.toNat ≤ y.toNat⟩
instance instInhabited : Inhabited (BitVec n) := ⟨.ofNat n 0⟩
instance (x y : BitVec n) : Decidable (x < y) := inferInstanceAs (Decidable (x.toNat < y.toNat))
instance (x y : BitVec n) : Decidable (x ≤ y) := inferInstanceAs (Decidable (x.toNat ≤ y.toNat))

/-! ### as naturals -/
theorem isLt (x : BitVec n) : x.toNat < 2 ^ n := x.toFin.isLt
theorem eq_of_toNat_eq {x y : BitVec n} (h : x.toNat = y.toNat) : x = y := by
  cases x with
  | ofFin x => cases y with
    | ofFin y => cases x with
      | mk a ha => cases y with
        | mk b hb => cases (h : a = b); rfl
theorem toNat_inj {x y : BitVec n} : x.toNat = y.toNat ↔ x = y := ⟨eq_of_toNat_eq, fun h => h ▸ rfl⟩
theorem toNat_eq {x y : BitVec n} : x = y ↔ x.toNat = y.toNat := toNat_inj.symm
@[simp] theorem toNat_ofNat (x w : Nat) : (BitVec.ofNat w x).toNat = x % 2 ^ w := rfl
@[simp] theorem toNat_ofNatLT {w : Nat} (i : Nat) (p : i < 2 ^ w) : (BitVec.ofNatLT i p).toNat = i := rfl
@[simp] theorem ofNat_toNat (x : BitVec n) : BitVec.ofNat n x.toNat = x := eq_of_toNat_eq (Nat.mod_eq_of_lt x.isLt)
@[simp] theorem toNat_add (x y : BitVec n) : (x + y).toNat = (x.toNat + y.toNat) % 2 ^ n := rfl
@[simp] theorem toNat_sub (x y : BitVec n) : (x - y).toNat = (2 ^ n - y.toNat + x.toNat) % 2 ^ n := rfl
@[simp] theorem toNat_mul (x y : BitVec n) : (x * y).toNat = x.toNat * y.toNat % 2 ^ n := rfl
@[simp] theorem toNat_neg (x : BitVec n) : (-x).toNat = (2 ^ n - x.toNat) % 2 ^ n := rfl
@[simp] theorem toNat_and (x y : BitVec n) : (x &&& y).toNat = x.toNat &&& y.toNat :=
  Nat.mod_eq_of_lt (Nat.lt_of_le_of_lt Nat.and_le_left x.isLt)
@[simp] theorem toNat_not (x : BitVec n) : (BitVec.not x).toNat = 2 ^ n - 1 - x.toNat :=
  Nat.mod_eq_of_lt (by have := x.isLt; omega)
@[simp] theorem toNat_shiftLeft (x : BitVec n) (s : Nat) : (x <<< s).toNat = x.toNat <<< s % 2 ^ n := rfl
@[simp] theorem toNat_ushiftRight (x : BitVec n) (s : Nat) : (x >>> s).toNat = x.toNat >>> s :=
  Nat.mod_eq_of_lt (Nat.lt_of_le_of_lt (Nat.div_le_self _ _) x.isLt)
@[simp] theorem toNat_setWidth (v : Nat) (x : BitVec n) : (x.setWidth v).toNat = x.toNat % 2 ^ v := rfl
theorem toNat_add_of_lt {x y : BitVec n} (h : x.toNat + y.toNat < 2 ^ n) : (x + y).toNat = x.toNat + y.toNat :=
  Nat.mod_eq_of_lt h
theorem toNat_mul_of_lt {x y : BitVec n} (h : x.toNat * y.toNat < 2 ^ n) : (x * y).toNat = x.toNat * y.toNat :=
  Nat.mod_eq_of_lt h
protected theorem add_comm (x y : BitVec n) : x + y = y + x := eq_of_toNat_eq (by simp only [toNat_add, Nat.add_comm])
protected theorem mul_comm (x y : BitVec n) : x * y = y * x := eq_of_toNat_eq (by simp only [toNat_mul, Nat.mul_comm])
protected theorem add_assoc (x y z : BitVec n) : x + y + z = x + (y + z) :=
  eq_of_toNat_eq (by rw [toNat_add, toNat_add, toNat_add, toNat_add, Nat.mod_add_mod, Nat.add_mod_mod, Nat.add_assoc])
protected theorem mul_assoc (x y z : BitVec n) : x * y * z = x * (y * z) := eq_of_toNat_eq (by
  rw [toNat_mul, toNat_mul, toNat_mul, toNat_mul, Nat.mul_mod (x.toNat * y.toNat % 2 ^ n), Nat.mod_mod, ← Nat.mul_mod,
    Nat.mul_mod x.toNat (y.toNat * z.toNat % 2 ^ n), Nat.mod_mod, ← Nat.mul_mod, Nat.mul_assoc])
@[simp] protected theorem add_zero (x : BitVec n) : x + 0 = x := eq_of_toNat_eq (by
  show (x.toNat + 0 % 2 ^ n) % 2 ^ n = x.toNat
  rw [Nat.zero_mod, Nat.add_zero, Nat.mod_eq_of_lt x.isLt])

/-! ### as integers -/
theorem toInt_eq_toNat_cond (x : BitVec n) :
    x.toInt = if 2 * x.toNat < 2 ^ n then (x.toNat : Int) else (x.toNat : Int) - ((2 ^ n : Nat) : Int) := rfl
theorem toInt_eq_toNat_of_lt {x : BitVec n} (h : 2 * x.toNat < 2 ^ n) : x.toInt = x.toNat := if_pos h
theorem two_mul_toInt_lt {x : BitVec n} : 2 * x.toInt < ((2 ^ n : Nat) : Int) := by
  have := x.isLt
  rw [toInt_eq_toNat_cond]
  split <;> omega
theorem le_two_mul_toInt {x : BitVec n} : -((2 ^ n : Nat) : Int) ≤ 2 * x.toInt := by
  rw [toInt_eq_toNat_cond]
  split <;> omega
/-- An integer is its word, read back, exactly if it is in the word's range. -/
theorem toInt_ofInt_eq_self {w : Nat} {i : Int} (h : -((2 ^ w : Nat) : Int) ≤ 2 * i) (h' : 2 * i < ((2 ^ w : Nat) : Int)) :
    (BitVec.ofInt w i).toInt = i := by
  have p : (0 : Int) < ((2 ^ w : Nat) : Int) := Int.ofNat_lt.mpr (Nat.two_pow_pos w)
  have key : ((BitVec.ofInt w i).toNat : Int) = i % ((2 ^ w : Nat) : Int) := by
    have nn := Int.emod_nonneg i (Int.ne_of_gt p)
    have lt := Int.emod_lt_of_pos i p
    show ((((i % ((2 ^ w : Nat) : Int)).toNat % 2 ^ w : Nat)) : Int) = _
    rw [Nat.mod_eq_of_lt (by omega)]
    omega
  by_cases h0 : 0 ≤ i
  · have e := Int.emod_eq_of_lt h0 (by omega : i < ((2 ^ w : Nat) : Int))
    rw [e] at key
    rw [toInt_eq_toNat_cond, if_pos (by omega)]
    exact key
  · have e : i % ((2 ^ w : Nat) : Int) = i + ((2 ^ w : Nat) : Int) := by
      rw [Int.emod_def, Int.ediv_eq_of_le_of_lt (q := -1) p (by omega) (by omega)]
      omega
    rw [e] at key
    rw [toInt_eq_toNat_cond, if_neg (by omega)]
    omega
theorem toInt_inj {x y : BitVec n} : x.toInt = y.toInt ↔ x = y := by
  refine ⟨fun h => eq_of_toNat_eq ?_, fun h => h ▸ rfl⟩
  have hx := x.isLt
  have hy := y.isLt
  rw [toInt_eq_toNat_cond, toInt_eq_toNat_cond] at h
  split at h <;> split at h <;> omega
@[simp] theorem ofInt_toInt (x : BitVec n) : BitVec.ofInt n x.toInt = x :=
  toInt_inj.mp (toInt_ofInt_eq_self le_two_mul_toInt two_mul_toInt_lt)
end
end BitVec
syntax:max num noWs "#" noWs term:max : term
macro_rules | `($i:num#$n) => `(BitVec.ofNat $n $i)
