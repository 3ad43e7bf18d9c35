using System.Security.Cryptography;
using System.Text;
using Decant.Files;
using Decant.Runs.Preparing;
using Decant.Runs.Reports.Log;

namespace Decant.Runs.Running;

/// <summary>Which run something belongs to. Made once, when the run begins, and kept in <c>progress.json</c>; the record has its id.</summary>
/// <remarks>Two runs of one recipe on one machine come to the same weights, but their records and curves are two: the id decides, the rest says in words how a run differs from another.</remarks>
/// <param name="Id">32 hexadecimal digits, drawn at random.</param>
/// <param name="Name">The recipe's name.</param>
/// <param name="Folder">Where it was begun, absolute; it may lie elsewhere by now.</param>
/// <param name="Begun">When, UTC.</param>
/// <param name="Recipe">The SHA-256 of the recipe as it was run, seeds, teacher and models included, 64 hexadecimal digits.</param>
/// <param name="Data">The SHA-256 of the data's fingerprint: samples, labels, splits, tokenizer, and the weights of teachers that were loaded.</param>
internal sealed record RunIdentity(string Id, string Name, string Folder, DateTimeOffset Begun, string Recipe, string Data)
{
    /// <summary>A run that begins now.</summary>
    /// <param name="folder">Its folder, with its recipe in it.</param>
    /// <param name="name">The recipe's name.</param>
    /// <param name="data">What its data is; see <see cref="DataFingerprint"/>.</param>
    public static RunIdentity New(RunFolder folder, string name, IReadOnlyDictionary<string, string> data)
    {
        var parts = string.Join('\n', data.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}: {p.Value}"));
        return new(Guid.NewGuid().ToString("N"), name, folder.Root, DateTimeOffset.UtcNow, FileHash.Of(folder.Recipe), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parts))));
    }

    public override string ToString() => $"the run '{Name}' that was begun at {Begun:u} in {Folder}";

    /// <summary>How another run differs from this one, as words after its name.</summary>
    public string DifferenceOf(RunIdentity other) => (other.Recipe == Recipe, other.Data == Data) switch
    {
        (true, true) => "another run of the same recipe on the same data",
        (true, false) => "of the same recipe on other data",
        (false, true) => "of another recipe on the same data",
        _ => "of another recipe on other data",
    };
}
