/-! One use of each family of laws in the core: propositions, booleans, naturals, lists. -/
theorem l_prop (a b : Prop) : ¬(a ∧ ¬b) ↔ (a → b) := by simp
theorem l_forall (p : Nat → Prop) : (¬∃ x, p x) ↔ ∀ x, ¬p x := by simp
theorem l_bool (a b : Bool) : (a && b) = true ↔ a = true ∧ b = true := by simp
theorem l_beq (a b : Nat) : (a == b) = true ↔ a = b := by simp
theorem l_decide (a b : Nat) : (decide (a ≤ b) && true) = decide (a ≤ b) := by simp
theorem l_add_mod (a b n : Nat) : (a + b) % n = (a % n + b % n) % n := Nat.add_mod a b n
theorem l_mul_mod (a b n : Nat) : a * b % n = a % n * (b % n) % n := Nat.mul_mod a b n
theorem l_div_div (m n k : Nat) : m / n / k = m / (n * k) := Nat.div_div_eq_div_mul m n k
theorem l_le_div (x y : Nat) : x ≤ y / 7 ↔ x * 7 ≤ y := Nat.le_div_iff_mul_le (by decide)
theorem l_pow (m n : Nat) : 2 ^ (m + n) = 2 ^ m * 2 ^ n := Nat.pow_add 2 m n
theorem l_pow_lt (n : Nat) : n < 2 ^ n := Nat.lt_two_pow_self
theorem l_shift (m n k : Nat) : m >>> (n + k) = m >>> n >>> k := Nat.shiftRight_add m n k
theorem l_append (as bs : List Nat) : (as ++ bs).length = bs.length + as.length := by simp; omega
theorem l_map (as : List Nat) : (as.map (· + 1)).length = as.length := by simp
theorem l_mem (a : Nat) (as bs : List Nat) (h : a ∈ bs) : a ∈ as ++ bs := by simp [h]
theorem l_reverse (as : List Nat) : as.reverse.reverse = as := by simp
theorem l_all (p : Nat → Bool) (as : List Nat) : as.all p = true ↔ ∀ a, a ∈ as → p a = true := by simp
theorem l_filter (as : List Nat) : (as.filter (fun _ => true)).length ≤ as.length := List.length_filter_le _ as
theorem l_take (as : List Nat) (n : Nat) : as.take n ++ as.drop n = as := by simp
theorem l_replicate (n : Nat) : (List.replicate n 0).length = n := by simp
theorem l_cons_inj (a b : Nat) (as bs : List Nat) (h : a :: as = b :: bs) : a = b ∧ as = bs := by simpa using h
theorem l_foldl (l : List Int) (b : Int) : l.foldl (· + ·) b = b + l.sum := List.foldl_add_eq_int l b
theorem l_sum (as bs : List Int) : (as ++ bs).sum = as.sum + bs.sum := List.sum_append_int
theorem l_perm (as bs : List Int) (h : as.Perm bs) : as.sum = bs.sum := h.sum_int
theorem l_zip (as bs : List Nat) (h : as.length = bs.length) : (as.zip bs).length = as.length := by simp; omega
theorem l_range (n i : Nat) (h : i < n) : i ∈ List.range n := by simpa using h
theorem l_flatten (ls : List (List Nat)) : ls.flatten.length = (ls.map List.length).sum := List.length_flatten
theorem l_pairwise : List.Pairwise (· < ·) [1, 2, 3] := by decide
theorem l_index (xs : List Nat) (h : 3 < xs.length) : xs[3] ∈ xs := by simp
theorem l_index_map (xs : List Nat) (i : Nat) (h : i < xs.length) : xs[i]? = some xs[i] := List.getElem?_eq_getElem h
theorem l_index_eval : [1, 2, 3][1] = 2 ∧ [1, 2, 3][7]? = none ∧ [1, 2, 3][2]! = 3 := by decide
