/-! Well-founded recursion: measures found and given, nested calls, lexicographic order, unfolding and induction. -/
def halve (n : Nat) : Nat := if h : n < 2 then 0 else halve (n / 2) + 1
termination_by n
decreasing_by omega
theorem r_halve (n : Nat) : halve n = if n < 2 then 0 else halve (n / 2) + 1 := by
  rw [halve]; split <;> simp_all
def count (n : Nat) : Nat := if n = 0 then 0 else count (n - 1) + 1
theorem r_count (n : Nat) : count n = n := by
  induction n with
  | zero => rw [count]; rfl
  | succ n ih => rw [count]; simp; exact ih
def log (n : Nat) : Nat := if n < 2 then 0 else log (n / 2) + 1
theorem r_log (n : Nat) (h : 2 ≤ n) : log n = log (n / 2) + 1 := by
  rw [log, if_neg (by omega)]
def ack : Nat → Nat → Nat
  | 0, n => n + 1
  | m + 1, 0 => ack m 1
  | m + 1, n + 1 => ack m (ack (m + 1) n)
termination_by m n => (m, n)
theorem r_ack_zero (n : Nat) : ack 0 n = n + 1 := by rw [ack]
theorem r_ack_succ (m : Nat) : ack (m + 1) 0 = ack m 1 := by rw [ack]
theorem r_ack_both (m n : Nat) : ack (m + 1) (n + 1) = ack m (ack (m + 1) n) := by rw [ack]
def up (n : Nat) : Nat := if n ≥ 10 then n else up (n + 1)
termination_by 10 - n
theorem r_up (n : Nat) : 10 ≤ up n := by
  induction n using up.induct with
  | case1 n h => rw [up]; simp [h]
  | case2 n h ih => rw [up]; simp [h]; exact ih
def gcd' (a b : Nat) : Nat := if _h : b = 0 then a else gcd' b (a % b)
termination_by b
decreasing_by exact Nat.mod_lt _ (by omega)
theorem r_gcd_zero (a : Nat) : gcd' a 0 = a := by rw [gcd']; simp
theorem r_gcd_step (a b : Nat) (h : 0 < b) : gcd' a b = gcd' b (a % b) := by
  rw [gcd', dif_neg (by omega)]
inductive Tree where
  | leaf
  | node (left right : Tree) (value : Nat)
deriving DecidableEq
def Tree.size : Tree → Nat
  | leaf => 1
  | node l r _ => l.size + r.size
def Tree.mirror : Tree → Tree
  | leaf => leaf
  | node l r v => node r.mirror l.mirror v
theorem r_mirror (t : Tree) : t.mirror.size = t.size := by
  induction t with
  | leaf => rfl
  | node l r v hl hr => simp only [Tree.mirror, Tree.size, hl, hr]; omega
mutual
def isEven : Nat → Bool
  | 0 => true
  | n + 1 => isOdd n
def isOdd : Nat → Bool
  | 0 => false
  | n + 1 => isEven n
end
theorem r_mutual : isEven 10 = true ∧ isOdd 10 = false := by decide

/-- `if h :` in a recursion by a measure. -/
def halvings (n : Nat) : Nat := if h : n = 0 then 0 else halvings (n / 2) + 1
termination_by n
decreasing_by omega

theorem lt_two_pow_halvings (n : Nat) : n < 2 ^ halvings n := by
  fun_induction halvings n with
  | case1 => decide
  | case2 n _ ih =>
    have e : 2 ^ (halvings (n / 2) + 1) = 2 ^ halvings (n / 2) * 2 := rfl
    omega

/-- A call inside a call, in the lexicographic order: Ackermann's function. -/
def ackermann : Nat → Nat → Nat
  | 0, n => n + 1
  | m + 1, 0 => ackermann m 1
  | m + 1, n + 1 => ackermann m (ackermann (m + 1) n)
termination_by m n => (m, n)

theorem lt_ackermann (m n : Nat) : n < ackermann m n := by
  fun_induction ackermann m n with
  | case1 n => omega
  | case2 m ih => omega
  | case3 m n ih1 ih2 => omega
