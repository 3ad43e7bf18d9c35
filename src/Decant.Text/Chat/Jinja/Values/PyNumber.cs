using System.Globalization;
using System.Numerics;

namespace Decant.Text.Chat.Jinja.Values;

/// <summary>Arithmetic as Python's.</summary>
internal static class PyNumber
{
    /// <summary>Whether it counts as a number, as true and false do.</summary>
    public static bool IsNumber(object? value) => value is long or double or bool or BigInteger;

    /// <summary>A whole number, or a truth value as one.</summary>
    public static long? Whole(object? value) => value switch { long number => number, bool truth => truth ? 1 : 0, _ => null };

    /// <summary>Any number.</summary>
    public static double? Real(object? value) => value switch { double number => number, BigInteger large => (double)large, _ => Whole(value) };

    /// <summary>a + b, a − b, … of two numbers.</summary>
    public static object Apply(string sign, object? a, object? b)
    {
        if (a is BigInteger || b is BigInteger)
            throw new ValueError($"{a} {sign} {b}: whole numbers of this size are not computed with.");
        try
        {
            return Whole(a) is { } x && Whole(b) is { } y ? OfWhole(sign, x, y) : Checked(sign, OfReal(sign, Real(a)!.Value, Real(b)!.Value));
        }
        catch (OverflowException)
        {
            throw new ValueError($"{a} {sign} {b} is beyond all whole numbers that are computed with.");
        }
    }

    /// <summary>As <c>repr</c> writes it: the fewest digits that give it back.</summary>
    public static string Shown(double number)
    {
        if (!double.IsFinite(number))
            return double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        var mantissa = shortest.Split('E')[0].TrimStart('-');
        var leading = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('0');
        // 0.0012 has two zeros before its digits, of which one is before the point.
        var exponent = (mantissa + ".").IndexOf('.') - 1 - (mantissa.Replace(".", "", StringComparison.Ordinal).Length - leading.Length) + (shortest.Contains('E') ? int.Parse(shortest.Split('E')[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0);
        var digits = leading.TrimEnd('0');
        var sign = shortest.StartsWith('-') ? "-" : "";
        if (digits.Length == 0)
            return sign + "0.0";
        if (exponent is < -4 or >= 16)
            return $"{sign}{digits[..1]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)}";
        if (exponent < 0)
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        var whole = digits.PadRight(exponent + 1, '0');
        return $"{sign}{whole[..(exponent + 1)]}.{(whole.Length > exponent + 1 ? whole[(exponent + 1)..] : "0")}";
    }

    private static object OfWhole(string sign, long a, long b) => sign switch
    {
        // Each an object by itself: as one type they would all be double.
        "+" => (object)checked(a + b),
        "-" => checked(a - b),
        "*" => checked(a * b),
        "/" => (double)a / NotZero(b),
        "//" => Floor(a, NotZero(b)),
        "%" => a - checked(Floor(a, NotZero(b)) * b),
        "**" when b >= 0 => Power(a, b),
        "**" => Math.Pow(NotZero(a), b),
        _ => throw new ValueError($"the operator {sign} is not served."),
    };

    private static double OfReal(string sign, double a, double b) => sign switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / NotZero(b),
        "//" => Math.Floor(a / NotZero(b)),
        "%" => a - (Math.Floor(a / NotZero(b)) * b),
        "**" => Math.Pow(a, b),
        _ => throw new ValueError($"the operator {sign} is not served."),
    };

    private static object Checked(string sign, double made) => double.IsFinite(made) ? made : throw new ValueError($"the result of {sign} is no finite number.");

    private static long Floor(long a, long b)
    {
        if (b == -1)
            return checked(-a);
        var (quotient, rest) = Math.DivRem(a, b);
        return rest != 0 && (rest < 0) != (b < 0) ? quotient - 1 : quotient;
    }

    private static long Power(long a, long b)
    {
        var made = 1L;
        for (; b > 0; b >>= 1)
        {
            if ((b & 1) == 1)
                made = checked(made * a);
            if (b > 1)
                a = checked(a * a);
        }

        return made;
    }

    private static long NotZero(long number) => number != 0 ? number : throw new ValueError("a division by zero.");

    private static double NotZero(double number) => number != 0 ? number : throw new ValueError("a division by zero.");
}
