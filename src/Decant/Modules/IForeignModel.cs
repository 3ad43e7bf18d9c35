namespace Decant.Modules;

/// <summary>A model that another library computes: it answers, one caller at a time, and shows neither weights nor inner values.</summary>
internal interface IForeignModel
{
    /// <summary>What identifies it: a hash of all that decides its answers.</summary>
    string Identity { get; }

    /// <summary>What it is, for people.</summary>
    string Summary { get; }

    /// <summary>The bytes of its file.</summary>
    long StoredBytes { get; }

    /// <summary>How many numbers its weights are.</summary>
    long StoredNumbers { get; }
}
