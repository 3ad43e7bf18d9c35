using System.Globalization;
using System.Numerics;
using System.Reflection;
using Decant.Data.Splitting;
using Decant.Training;

namespace Decant.Runs.Recipes.Binding;

/// <summary>One value of YAML as one of .NET: which types there are, what each is called in messages, how it is read.</summary>
internal static class ScalarReader
{
    /// <summary>Whether values of the type are read from one scalar.</summary>
    public static bool Reads(Type type) => type == typeof(string) || type == typeof(bool) || type.IsEnum || IsWhole(type) || IsReal(type) || Parser(type) is not null;

    /// <summary>The type in the user's words, with its range.</summary>
    public static string Name(Type type, NumberRange? range) => type switch
    {
        _ when type == typeof(string) => "text",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(ValidationInterval) => "a number of steps or epochs, such as 200 steps or 0.25 epochs",
        _ when type == typeof(CountOrFraction) => "a share between 0 and 1 or a number of samples",
        _ when type.IsEnum => $"one of {string.Join(", ", EnumWords.All(type))}",
        _ when IsWhole(type) => $"a whole number{range}",
        _ => $"a number{range}",
    };

    /// <summary>What was expected where a text cannot be read; for a number that is too large, the limit of its type, which is reported for no other number.</summary>
    public static string Expected(ScalarNode node, Type type, NumberRange? range)
    {
        var name = Name(type, range);
        return IsWhole(type) && !(range?.High < int.MaxValue) && BigInteger.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number > Largest(type)
            ? $"{name}{(range?.ToString() is { Length: > 0 } ? " and" : " of")} at most {Largest(type)}"
            : name;
    }

    /// <summary>The value; null when the text is not one, or lies outside of the range.</summary>
    public static object? Read(ScalarNode node, Type type, NumberRange? range)
    {
        if (type == typeof(string)) return node.Text;
        if (type.IsEnum) return EnumWords.Read(type, node.Text);
        if (!node.Plain) return null;
        if (type == typeof(bool)) return node.Text switch { "true" => true, "false" => false, _ => null };
        if (IsWhole(type)) return Numbers.TryWhole(node.Text, out var whole) && (range is not { } r || r.Contains(whole)) ? Whole(whole, type) : null;
        if (IsReal(type)) return Numbers.TryNumber(node.Text, out var real) && (range is not { } r || r.Contains(real)) ? Real(real, type) : null;
        return Parsed(node.Text, type);
    }

    private static bool IsWhole(Type type) => type == typeof(int) || type == typeof(long) || type == typeof(ulong) || type == typeof(uint)
        || type == typeof(short) || type == typeof(byte);

    private static BigInteger Largest(Type type) => new(Convert.ToDecimal(type.GetField("MaxValue")!.GetValue(null), CultureInfo.InvariantCulture));

    private static bool IsReal(Type type) => type == typeof(double) || type == typeof(float) || type == typeof(decimal);

    private static object? Whole(long value, Type type)
    {
        try
        {
            return Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static object? Real(double value, Type type) => type switch
    {
        _ when type == typeof(float) => float.IsFinite((float)value) ? (float)value : null,
        _ when type == typeof(decimal) => Math.Abs(value) < (double)decimal.MaxValue ? (decimal)value : null,
        _ => (object)value,
    };

    private static object? Parsed(string text, Type type)
    {
        object?[] arguments = [text, CultureInfo.InvariantCulture, null];
        return Parser(type)!.Invoke(null, arguments) is true ? arguments[2] : null;
    }

    private static MethodInfo? Parser(Type type) =>
        type.IsValueType && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IParsable<>))
            ? type.GetMethod("TryParse", BindingFlags.Public | BindingFlags.Static, [typeof(string), typeof(IFormatProvider), type.MakeByRefType()])
            : null;
}
