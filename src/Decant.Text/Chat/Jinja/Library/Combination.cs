using System.Text;
using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Text.Chat.Jinja.Library;

/// <summary>What the operators of arithmetic do with numbers, texts and lists.</summary>
internal static class Combination
{
    /// <summary>The result.</summary>
    /// <exception cref="ValueError">The operator does not take these two.</exception>
    public static object? Of(RenderState state, string sign, object? a, object? b)
    {
        switch (sign, a, b)
        {
            case ("+", string x, string y):
                state.SpendOn((long)x.Length + y.Length);
                return x + y;
            case ("+", Sequence x, Sequence y) when x.IsTuple == y.IsTuple:
                state.SpendOn((long)x.Items.Count + y.Items.Count);
                return new Sequence([.. x.Items, .. y.Items], x.IsTuple);
            case ("*", string or Sequence, long or bool):
                return Repeated(state, a, PyNumber.Whole(b)!.Value);
            case ("*", long or bool, string or Sequence):
                return Repeated(state, b, PyNumber.Whole(a)!.Value);
            case ("%", string format, _):
                return Formatted(state, format, b is Sequence { IsTuple: true } tuple ? tuple.Items : [b]);
            default:
                return PyNumber.IsNumber(a) && PyNumber.IsNumber(b) ? PyNumber.Apply(sign, a, b)
                    : throw new ValueError($"{PyValue.KindOf(a)} {sign} {PyValue.KindOf(b)} has no value; convert one of them, or join texts with '~'.");
        }
    }

    /// <summary>A text whose %s and %d are filled in.</summary>
    /// <exception cref="ValueError">Another form is asked for, or the values are too few or too many.</exception>
    public static string Formatted(RenderState state, string format, IReadOnlyList<object?> values)
    {
        var (text, next) = (new StringBuilder(), 0);
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
                text.Append(format[i]);
            else if (++i < format.Length && format[i] == '%')
                text.Append('%');
            else
                text.Append(Filled(i < format.Length ? format[i] : ' ', next < values.Count ? values[next++] : throw new ValueError("the format has more places than values.")));
            state.SpendOn(text.Length / 64);
        }

        return next == values.Count ? text.ToString() : throw new ValueError($"the format has {next} places, came {values.Count} values.");
    }

    private static string Filled(char form, object? value) => form switch
    {
        's' => PyShown.Text(value),
        'd' or 'i' when PyNumber.Whole(value) is { } whole => PyShown.Text(whole),
        _ => throw new ValueError($"%{form} of {PyValue.KindOf(value)} is not served; %s and, of whole numbers, %d are."),
    };

    private static object Repeated(RenderState state, object? value, long times)
    {
        times = Math.Max(times, 0);
        var length = value is string own ? own.Length : ((Sequence)value!).Items.Count;
        state.SpendOn(length == 0 ? 0 : times > int.MaxValue ? long.MaxValue : length * times);
        if (length == 0)
            return value;
        return value is string text ? new StringBuilder().Insert(0, text, (int)times).ToString() : new Sequence([.. Enumerable.Repeat(((Sequence)value).Items, (int)times).SelectMany(items => items)], ((Sequence)value).IsTuple);
    }
}
