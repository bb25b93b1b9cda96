import TinyVerify.Agreement.Sums
/-!
# How many lists of values reach a weighted sum

With `B = 2^width` greater than the number of lists plus one, the sum of `B^(weights . values)` over the lists is a product
with one factor an axis, which shifts and additions of big numbers make. Of that sum, everything below `B^limit` is less than
`B^limit`, and modulo `B - 1` the rest is the number of lists with `weights . values ≥ limit`: no list is ever looked at.
The product has `width * (sum of weights_i (sizes_i - 1))` bits.

Main result: `tailCount_eq`.
-/
namespace TinyVerify

/-! ### definitions -/

/-- `weights . values`. -/
def weighted : List Nat → List Nat → Nat
  | a :: as, y :: ys => a * y + weighted as ys
  | _, _ => 0

def tailTest (weights : List Nat) (limit : Nat) (values : List Nat) : Bool := Nat.ble limit (weighted weights values)

/-- `1 + 2^shift + 2^(2 * shift) + ...`, `n` summands, for `n < 2^steps`. The kernel shares what `let` names. -/
def geometric (shift : Nat) : Nat → Nat → Nat
  | 0, _ => 0
  | steps + 1, n =>
    let half := n / 2
    let sum := geometric shift steps half
    let even := sum + sum <<< (shift * half)
    cond (Nat.beq (n % 2) 1) (even <<< shift + 1) even

/-- `p` times the sum of `2^(width * (weights . values))` over all lists of `values`, `values_i < sizes_i`. -/
def tailProduct (width p : Nat) : List Nat → List Nat → Nat
  | a :: as, m :: ms => tailProduct width (p * geometric (width * a) (Nat.log2 m + 1) m) as ms
  | _, _ => p

/-- How many summands of the product have at least this exponent. -/
def tailOf (width product limit : Nat) : Nat :=
  (product >>> (width * limit)) % (2 ^ width - 1)

/-- How many lists of values have `weights . values ≥ limit`. -/
def tailCount (width : Nat) (weights sizes : List Nat) (limit : Nat) : Nat :=
  tailOf width (tailProduct width 1 weights sizes) limit

/-! ### the product is a sum over the lists of values -/

theorem geometric_eq (shift steps n : Nat) (h : n < 2 ^ steps) :
    geometric shift steps n = sumRange (fun j => 2 ^ (shift * j)) 0 n := by
  induction steps generalizing n with
  | zero =>
    have : 2 ^ 0 = 1 := rfl
    have e : n = 0 := by omega
    rw [e]
    rfl
  | succ steps ih =>
    have two : 2 ^ (steps + 1) = 2 ^ steps * 2 := rfl
    have moved : ∀ k m, sumRange (fun j => 2 ^ (shift * j)) k m = sumRange (fun j => 2 ^ (shift * j)) 0 m * 2 ^ (shift * k) := by
      intro k m
      have e := sumRange_shift (fun j => 2 ^ (shift * j)) k 0 m
      rw [Nat.add_zero] at e
      rw [e, Nat.mul_comm, ← sumRange_mul]
      apply sumRange_congr
      intro v _ _
      rw [Nat.mul_add, Nat.pow_add]
    have even : geometric shift steps (n / 2) + geometric shift steps (n / 2) <<< (shift * (n / 2)) =
        sumRange (fun j => 2 ^ (shift * j)) 0 (n / 2 + n / 2) := by
      rw [ih (n / 2) (by omega), Nat.shiftLeft_eq, sumRange_append, Nat.zero_add, moved (n / 2) (n / 2)]
    show cond (Nat.beq (n % 2) 1) ((_ + _) <<< shift + 1) (_ + _) = _
    rw [even]
    cases odd : Nat.beq (n % 2) 1 with
    | true =>
      have e := Nat.eq_of_beq_eq_true odd
      have en : n = n / 2 + n / 2 + 1 := by omega
      have first : ∀ k, sumRange (fun j => 2 ^ (shift * j)) 0 (k + 1) =
          2 ^ (shift * 0) + sumRange (fun j => 2 ^ (shift * j)) 1 k := fun _ => rfl
      have f := first (n / 2 + n / 2)
      rw [← en, moved 1, Nat.mul_zero, Nat.pow_zero, Nat.mul_one, ← Nat.shiftLeft_eq, Nat.add_comm] at f
      exact f.symm
    | false =>
      have e := Nat.ne_of_beq_eq_false odd
      have en : n / 2 + n / 2 = n := by omega
      show sumRange _ 0 (n / 2 + n / 2) = sumRange _ 0 n
      rw [en]

theorem tailProduct_eq (width p : Nat) (as ms : List Nat) :
    tailProduct width p as ms = p * sumAlong (fun e => 2 ^ (width * e)) as ms 0 := by
  induction as generalizing p ms with
  | nil => exact (Nat.mul_one p).symm
  | cons a as ih => cases ms with
    | nil => exact (Nat.mul_one p).symm
    | cons m ms =>
      show tailProduct width (p * geometric (width * a) (Nat.log2 m + 1) m) as ms = _
      rw [ih, geometric_eq _ _ _ Nat.lt_log2_self, Nat.mul_assoc]
      apply congrArg (p * ·)
      show _ = sumRange (fun y => sumAlong (fun e => 2 ^ (width * e)) as ms (0 + a * y)) 0 m
      rw [Nat.mul_comm, ← sumRange_mul]
      apply sumRange_congr
      intro y _ _
      have e : sumAlong (fun e => 2 ^ (width * e)) as ms (0 + a * y) =
          2 ^ (width * (a * y)) * sumAlong (fun e => 2 ^ (width * e)) as ms 0 := by
        rw [Nat.zero_add, ← Nat.add_zero (a * y), sumAlong_move, ← sumAlong_mul, Nat.add_zero]
        apply congrArg (fun f => sumAlong f as ms 0)
        funext x
        rw [Nat.mul_add, Nat.pow_add]
      rw [e, Nat.mul_comm, Nat.mul_assoc]

/-! ### what a shift and a remainder leave of it -/

def oneIf (b : Bool) : Nat := cond b 1 0

theorem pow_mod_pred (b e : Nat) (h : 1 < b) : b ^ e % (b - 1) = 1 % (b - 1) := by
  induction e with
  | zero => rfl
  | succ e ih =>
    have s : b ^ e * b = b ^ e + (b - 1) * b ^ e := by
      have eb : b = 1 + (b - 1) := by omega
      have eq := congrArg (b ^ e * ·) eb
      simp only [Nat.mul_add, Nat.mul_one] at eq
      rw [Nat.mul_comm (b - 1)]
      exact eq
    rw [Nat.pow_succ, s, Nat.add_mul_mod_self_left, ih]

/-- The tail of the product is the number of lists of values whose exponent reaches the limit. -/
theorem tailOf_eq (width limit : Nat) (as ms : List Nat) (h : sumAlong (fun _ => 1) as ms 0 < 2 ^ width - 1) :
    tailOf width (tailProduct width 1 as ms) limit = sumAlong (fun e => oneIf (Nat.ble limit e)) as ms 0 := by
  let low : Nat → Nat := fun e => cond (Nat.ble limit e) 0 (2 ^ (width * e))
  let high : Nat → Nat := fun e => cond (Nat.ble limit e) (2 ^ (width * (e - limit))) 0
  have parts : (fun e => 2 ^ (width * e)) = fun e => low e + 2 ^ (width * limit) * high e := by
    funext e
    show 2 ^ (width * e) = cond (Nat.ble limit e) 0 (2 ^ (width * e)) +
      2 ^ (width * limit) * cond (Nat.ble limit e) (2 ^ (width * (e - limit))) 0
    cases hc : Nat.ble limit e with
    | true =>
      have le := Nat.le_of_ble_eq_true hc
      show 2 ^ (width * e) = 0 + 2 ^ (width * limit) * 2 ^ (width * (e - limit))
      rw [Nat.zero_add, ← Nat.pow_add, ← Nat.mul_add, Nat.add_sub_of_le le]
    | false => exact (congrArg (2 ^ (width * e) + ·) (Nat.mul_zero _)).symm
  have small : 2 ^ width * sumAlong low as ms 0 ≤ 2 ^ (width * limit) * sumAlong (fun _ => 1) as ms 0 := by
    rw [← sumAlong_mul, ← sumAlong_mul]
    apply sumAlong_le
    intro e
    show 2 ^ width * cond (Nat.ble limit e) 0 (2 ^ (width * e)) ≤ 2 ^ (width * limit) * 1
    cases hc : Nat.ble limit e with
    | true => exact Nat.zero_le _
    | false =>
      have lt : e + 1 ≤ limit := Nat.lt_of_not_le fun le => Bool.noConfusion (hc.symm.trans (Nat.ble_eq_true_of_le le))
      show 2 ^ width * 2 ^ (width * e) ≤ _
      rw [← Nat.pow_add, Nat.mul_one]
      apply Nat.pow_le_pow_right (by omega)
      have := Nat.mul_le_mul_left width lt
      rw [Nat.mul_add, Nat.mul_one] at this
      omega
  have less : sumAlong low as ms 0 < 2 ^ (width * limit) := by
    have pos := Nat.two_pow_pos (width * limit)
    have a : 2 ^ (width * limit) * sumAlong (fun _ => 1) as ms 0 < 2 ^ (width * limit) * 2 ^ width :=
      Nat.mul_lt_mul_of_pos_left (by omega) pos
    rw [Nat.mul_comm (2 ^ (width * limit)) (2 ^ width)] at a
    exact Nat.lt_of_mul_lt_mul_left (Nat.lt_of_le_of_lt small a)
  have count : sumAlong high as ms 0 % (2 ^ width - 1) =
      sumAlong (fun e => oneIf (Nat.ble limit e)) as ms 0 % (2 ^ width - 1) := by
    apply sumAlong_mod
    intro e
    show cond (Nat.ble limit e) (2 ^ (width * (e - limit))) 0 % _ = cond (Nat.ble limit e) 1 0 % _
    cases Nat.ble limit e with
    | true =>
      show 2 ^ (width * (e - limit)) % _ = 1 % _
      rw [Nat.pow_mul]
      exact pow_mod_pred _ _ (by omega)
    | false => rfl
  have few : sumAlong (fun e => oneIf (Nat.ble limit e)) as ms 0 ≤ sumAlong (fun _ => 1) as ms 0 := by
    apply sumAlong_le
    intro e
    cases Nat.ble limit e <;> decide
  have run : tailOf width (tailProduct width 1 as ms) limit =
      (tailProduct width 1 as ms >>> (width * limit)) % (2 ^ width - 1) := rfl
  rw [run, Nat.shiftRight_eq_div_pow, tailProduct_eq, Nat.one_mul, parts, sumAlong_add, sumAlong_mul,
    Nat.add_mul_div_left _ _ (Nat.two_pow_pos _), Nat.div_eq_of_lt less, Nat.zero_add, count, Nat.mod_eq_of_lt (Nat.lt_of_le_of_lt few h)]

/-! ### cells -/

def listProduct : List Nat → Nat
  | [] => 1
  | m :: ms => m * listProduct ms

theorem sumAlong_ones {as ms : List Nat} (hl : as.length = ms.length) (e : Nat) : sumAlong (fun _ => 1) as ms e = listProduct ms := by
  induction as generalizing ms e with
  | nil => cases ms with
    | nil => rfl
    | cons _ _ => exact absurd hl (by intro h; exact Nat.noConfusion h)
  | cons a as ih => cases ms with
    | nil => exact absurd hl (by intro h; exact Nat.noConfusion h)
    | cons m ms =>
      show sumRange (fun y => sumAlong (fun _ => 1) as ms (e + a * y)) 0 m = m * listProduct ms
      rw [← sumRange_const (listProduct ms) 0 m]
      exact sumRange_congr 0 m (fun y _ _ => ih (Nat.succ.inj hl) _)

theorem countCells_weighted (test : Nat → Bool) {as ms : List Nat} (hl : as.length = ms.length) (hm : ∀ m ∈ ms, 1 ≤ m) (e : Nat) :
    countCells (fun ys => test (e + weighted as ys)) (ms.map fun _ => 0) (ms.map fun m => m - 1) =
      sumAlong (fun e => oneIf (test e)) as ms e := by
  induction as generalizing ms e with
  | nil => cases ms with
    | nil =>
      show (if test (e + 0) = true then 1 else 0) = oneIf (test e)
      rw [Nat.add_zero]
      cases test e <;> rfl
    | cons _ _ => exact absurd hl (by intro h; exact Nat.noConfusion h)
  | cons a as ih => cases ms with
    | nil => exact absurd hl (by intro h; exact Nat.noConfusion h)
    | cons m ms =>
      have pos := hm m (List.Mem.head _)
      have en : m - 1 + 1 - 0 = m := by omega
      show sumRange (fun y => countCells (fun ys => test (e + (a * y + weighted as ys))) (ms.map fun _ => 0)
        (ms.map fun m => m - 1)) 0 (m - 1 + 1 - 0) = sumRange (fun y => sumAlong (fun e => oneIf (test e)) as ms (e + a * y)) 0 m
      rw [en]
      apply sumRange_congr
      intro y _ _
      rw [← ih (Nat.succ.inj hl) (fun m h => hm m (List.Mem.tail _ h)) (e + a * y)]
      apply congrArg (fun t => countCells t _ _)
      funext ys
      rw [Nat.add_assoc]

theorem tailCount_eq {width : Nat} {weights sizes : List Nat} (limit : Nat) (h : listProduct sizes < 2 ^ width - 1)
    (hl : weights.length = sizes.length) (hm : ∀ m ∈ sizes, 1 ≤ m) :
    tailCount width weights sizes limit =
      countCells (tailTest weights limit) (sizes.map fun _ => 0) (sizes.map fun m => m - 1) := by
  rw [← sumAlong_ones hl 0] at h
  have c := countCells_weighted (Nat.ble limit) hl hm 0
  simp only [Nat.zero_add] at c
  exact (tailOf_eq width limit weights sizes h).trans c.symm

end TinyVerify
