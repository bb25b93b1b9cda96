{#- Notation shared by the templates; `n` prints an integer literal. -#}
{#- q = floor(value / 2^k), by definition -#}
{%- macro floor_div(q, value, k) -%}
(and (<= (* {{ 2 ** k }} {{ q }}) {{ value }}) (< {{ value }} (* {{ 2 ** k }} (+ {{ q }} 1))))
{%- endmacro -%}
{%- macro int32(v) -%}
(and (<= (- 2147483648) {{ v }}) (<= {{ v }} 2147483647))
{%- endmacro -%}
{%- macro int16(v) -%}
(and (<= (- 32768) {{ v }}) (<= {{ v }} 32767))
{%- endmacro -%}
{%- macro int8(v) -%}
(and (<= (- 128) {{ v }}) (<= {{ v }} 127))
{%- endmacro -%}
{#- bias + sum of weights[i] * x_i, zero weights left out -#}
{%- macro dot(bias, weights, x) -%}
(+ {{ bias | n }} 0{% for w in weights %}{% if w %} (* {{ w | n }} {{ x }}{{ loop.index0 }}){% endif %}{% endfor %})
{%- endmacro -%}
{#- h = (m * acc + 2^30) >> 31, the doubling high multiplication -#}
{%- macro high(h, acc, m) -%}
{{ floor_div(h, "(+ (* " ~ m ~ " " ~ acc ~ ") 1073741824)", 31) }}
{%- endmacro -%}
{#- r = the rounded quotient of acc by (m, s), before zero point and clamp; h and t are auxiliary -#}
{%- macro scaled(mode, r, acc, m, s, h, t) -%}
{%- if mode == "single_ties_up" -%}
{{ floor_div(r, "(+ (* " ~ m ~ " " ~ acc ~ ") " ~ 2 ** (30 + s) ~ ")", 31 + s) }}
{%- elif mode == "double_ties_up" -%}
(and {{ high(h, acc, m) }}
  {{ floor_div(r, "(+ " ~ h ~ " " ~ (2 ** s) // 2 ~ ")", s) }})
{%- else -%}
(and {{ high(h, acc, m) }}
  {{ floor_div(t, h, s) }}
  (= {{ r }} (ite (> (- {{ h }} (* {{ 2 ** s }} {{ t }})) (+ {{ (2 ** s - 1) // 2 }} (ite (< {{ h }} 0) 1 0)))
               (+ {{ t }} 1) {{ t }})))
{%- endif -%}
{%- endmacro -%}
