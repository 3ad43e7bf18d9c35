using System.Globalization;
using Decant.Models.Configuration;
using Decant.Models.LstmText;

namespace Decant.Models.FromTeacher;

/// <summary>Weights in which several matrices lie side by side: GPT-2's queries, keys and values, the gates and the two directions of an LSTM.</summary>
internal static class StackedWeights
{
    private const int Gates = 4;
    private const int Directions = 2;
    private static readonly string[] s_lstm = ["weight_ih_l", "weight_hh_l", "bias_ih_l", "bias_hh_l"];

    /// <summary>How many blocks lie along a dimension; one where there is nothing of the kind.</summary>
    /// <param name="name">The weight's name.</param>
    /// <param name="dimension">Which of its dimensions.</param>
    /// <param name="dimensions">How many it has.</param>
    /// <param name="config">The model's settings.</param>
    public static int Blocks(string name, int dimension, int dimensions, ModelConfig config)
    {
        var words = name.Split('.');
        if (words.Length > 1 && words[^2] == "c_attn")
            return dimension == dimensions - 1 ? 3 : 1; // stored as [in, 3·out]
        var pass = LstmLayer(words[^1]);
        if (dimension == 0)
            return pass is null ? 1 : Gates;
        // A weight that reads the states of both directions reads them side by side.
        var readsBoth = words[^1].StartsWith("weight_ih_l", StringComparison.Ordinal) ? pass > 0 : words[0] == "classifier";
        return readsBoth && config is LstmConfig { Bidirectional: true } ? Directions : 1;
    }

    /// <summary>The layer of a weight of an LSTM, from the end of its name: <c>weight_ih_l0</c>, <c>bias_hh_l1_reverse</c>; null where it is none of those.</summary>
    public static int? LstmLayer(string word) =>
        s_lstm.FirstOrDefault(part => word.StartsWith(part, StringComparison.Ordinal)) is { } start
        && int.TryParse(word[start.Length..].Split('_')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var layer) ? layer : null;

    /// <summary>The same weight of another layer.</summary>
    public static string OfLayer(string word, int layer)
    {
        var start = s_lstm.First(part => word.StartsWith(part, StringComparison.Ordinal));
        return start + layer.ToString(CultureInfo.InvariantCulture) + (word.EndsWith("_reverse", StringComparison.Ordinal) ? "_reverse" : "");
    }
}
