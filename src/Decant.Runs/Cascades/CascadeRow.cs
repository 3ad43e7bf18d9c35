using System.Globalization;
using System.Text;
using Decant.Files;
using Decant.Inference.Cascades;

namespace Decant.Runs.Cascades;

/// <summary>One row with the answers of both.</summary>
/// <param name="Confidence">The student's, 0 to 1.</param>
/// <param name="Differs">Whether its answer is not the teacher's.</param>
/// <param name="IsWrong">Whether its answer is not the label; null: there is no label.</param>
/// <param name="Length">The text's length in characters; 0: it is no text.</param>
internal sealed record CascadeRow(double Confidence, bool Differs, bool? IsWrong, int Length)
{
    /// <summary>As the policy is chosen on.</summary>
    public static IReadOnlyList<HeldOutAnswer> HeldOut(IReadOnlyList<CascadeRow> rows, CascadeTruth truth, string where)
    {
        if (truth == CascadeTruth.Teacher)
            return [.. rows.Select(r => new HeldOutAnswer(r.Confidence, r.Differs, r.Length))];
        var labelled = rows.Where(r => r.IsWrong is not null).ToArray();
        return labelled.Length > 0 ? [.. labelled.Select(r => new HeldOutAnswer(r.Confidence, r.IsWrong!.Value, r.Length))]
            : throw new DecantException($"{where}: expected rows with labels to compare the student with, came none: give some, or compare with the teacher.");
    }

    /// <summary>The numbers of rows, without texts: a line each, below one of names.</summary>
    public static void Write(string path, IReadOnlyList<CascadeRow> rows)
    {
        var text = new StringBuilder("confidence,differs,wrong,length\n");
        foreach (var row in rows)
            text.Append(CultureInfo.InvariantCulture, $"{row.Confidence:0.#####},{(row.Differs ? 1 : 0)},{row.IsWrong switch { true => "1", false => "0", null => "" }},{row.Length}\n");
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static IReadOnlyList<CascadeRow> Read(string path)
    {
        var rows = new List<CascadeRow>();
        foreach (var (line, i) in File.ReadLines(path).Select((l, i) => (l, i)).Skip(1))
        {
            var parts = line.Split(',');
            if (parts.Length != 4 || !double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var confidence) || confidence is not (>= 0 and <= 1)
                || parts[1] is not ("0" or "1") || parts[2] is not ("0" or "1" or "") || !int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var length))
                throw new DecantException($"{path}:{i + 1}: expected a confidence, 0 or 1, 0 or 1 or nothing, and a length with commas between, came '{line}'. 'decant cascade … --rows FILE' writes such files.");
            rows.Add(new(confidence, parts[1] == "1", parts[2].Length == 0 ? null : parts[2] == "1", length));
        }

        return rows;
    }
}
