namespace Decant.Models;

/// <summary>Weights in which several matrices lie one behind the other: GPT-2's queries, keys and values, the four gates of an LSTM.</summary>
internal static class StackedWeights
{
    private const int Gates = 4;
    private static readonly string[] s_lstm = ["weight_ih_l", "weight_hh_l", "bias_ih_l", "bias_hh_l"];

    /// <summary>Along which dimension there are how many; one where there is nothing of the kind.</summary>
    /// <param name="name">The weight's name.</param>
    /// <param name="dimensions">How many it has.</param>
    public static (int Dimension, int Count) Of(string name, int dimensions)
    {
        var words = name.Split('.');
        if (words.Length > 1 && words[^2] == "c_attn")
            return (dimensions - 1, 3); // stored as [in, 3·out]
        return s_lstm.Any(part => words[^1].StartsWith(part, StringComparison.Ordinal)) ? (0, Gates) : (0, 1);
    }
}
