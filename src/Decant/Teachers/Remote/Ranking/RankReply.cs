using System.Text.Json;
using Decant.Teachers.Remote.Asking;

namespace Decant.Teachers.Remote.Ranking;

/// <summary>Reads the numbers of documents, the best one first, from JSON.</summary>
internal static class RankReply
{
    /// <summary>The places, or why there are none.</summary>
    /// <param name="text">The answer: a list of numbers, or an object with one.</param>
    /// <param name="count">n, how many documents were shown as 1 … n.</param>
    /// <returns>For each shown document, from 0, its place, from 0.</returns>
    public static (int[]? Places, AbstentionReason? Why) Read(string text, int count)
    {
        var (json, fault) = JsonReply.Read(text);
        if (json is not { } value)
            return (null, fault);
        if (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().ToArray() is [{ Value: var inner }])
            value = inner;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != count)
            return (null, AbstentionReason.OtherShape);
        var places = Enumerable.Repeat(-1, count).ToArray();
        foreach (var (place, number) in value.EnumerateArray().Index())
        {
            if (number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out var shown) || shown < 1 || shown > count || places[shown - 1] >= 0)
                return (null, AbstentionReason.OtherShape);
            places[shown - 1] = place;
        }

        return (places, null);
    }
}
