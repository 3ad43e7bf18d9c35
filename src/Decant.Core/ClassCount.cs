namespace Decant;

/// <summary>Distinguishes classes from free text and numbers by how often values repeat.</summary>
internal static class ClassCount
{
    /// <summary>Fewer different values than this may be classes, however few rows there are.</summary>
    public const int FewestValues = 50;

    /// <summary>Classes have at least so many rows each, on average.</summary>
    public const int RowsPerClass = 2;

    /// <summary>Whether so many different values are too many to be the classes of so many rows.</summary>
    public static bool IsTooMany(int values, int rows) => values >= FewestValues && (long)values * RowsPerClass > rows;
}
