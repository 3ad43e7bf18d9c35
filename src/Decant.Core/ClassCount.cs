namespace Decant;

/// <summary>Distinguishes classes from free text and numbers by how often values repeat.</summary>
internal static class ClassCount
{
    /// <summary>Fewer different values than this may be classes, however few rows there are.</summary>
    public const int FewestValues = 50;

    /// <summary>Minimum average number of rows per class.</summary>
    public const int RowsPerClass = 2;

    /// <summary>Whether a number of different values is too large to be the classes of a number of rows.</summary>
    public static bool IsTooMany(int values, int rows) => values >= FewestValues && (long)values * RowsPerClass > rows;
}
