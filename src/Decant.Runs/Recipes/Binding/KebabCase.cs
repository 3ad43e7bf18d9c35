using System.Text;

namespace Decant.Runs.Recipes.Binding;

/// <summary>The spelling of keys: <c>LearningRate</c> in code is <c>learning-rate</c> in a recipe; digits belong to the word before them.</summary>
internal static class KebabCase
{
    /// <summary><c>LearningRate</c> → <c>learning-rate</c>, <c>MacroF1</c> → <c>macro-f1</c>, <c>IOBinding</c> → <c>io-binding</c>.</summary>
    /// <param name="pascal">A name in code.</param>
    public static string FromPascal(string pascal)
    {
        ArgumentNullException.ThrowIfNull(pascal);
        var text = new StringBuilder(pascal.Length + 4);
        for (var i = 0; i < pascal.Length; i++)
        {
            var starts = char.IsUpper(pascal[i]) && i > 0
                && (!char.IsUpper(pascal[i - 1]) || (i + 1 < pascal.Length && char.IsLower(pascal[i + 1])));
            if (starts && text[^1] != '-') text.Append('-');
            text.Append(pascal[i] == '_' ? '-' : char.ToLowerInvariant(pascal[i]));
        }

        return text.ToString();
    }

    /// <summary><c>learning-rate</c> → <c>LearningRate</c>.</summary>
    /// <param name="kebab">A key of a recipe.</param>
    public static string ToPascal(string kebab)
    {
        ArgumentNullException.ThrowIfNull(kebab);
        return string.Concat(kebab.Split('-', StringSplitOptions.RemoveEmptyEntries).Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
    }
}
