using System.Globalization;

namespace Decant.Data.Labels;

/// <summary>Distinguishes a column of classes from one of free text or numbers, which would become a class for nearly every row.</summary>
internal static class LabelCheck
{
    /// <summary>Refuses a column that is no column of classes.</summary>
    /// <exception cref="DecantException">What it seems to be, and which key reads that.</exception>
    public static void RefuseText(string file, string column, LabelColumn labels)
    {
        var rows = labels.Count - labels.Unlabelled;
        if (!ClassCount.IsTooMany(labels.Names.Count, rows))
            return;
        var areNumbers = labels.Names.All(n => double.TryParse(n, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
        var meant = areNumbers
            ? $"They are numbers: for a regression say 'target: [{column}]' instead of 'label', and 'task: regression'"
            : $"It reads like free text, such as '{ClassList.Short(labels.Names[0])}': for a language model that is to write it, say 'completion: {column}' with 'prompt', and 'task: causal-lm'";
        throw new DecantException(string.Create(CultureInfo.InvariantCulture,
            $"{file}: the column '{column}' has {labels.Names.Count:N0} different values in {rows:N0} rows, too many for classes. {meant}. If they are classes, name them all with 'classes'."));
    }
}
