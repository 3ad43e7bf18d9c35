using System.Globalization;
using Decant.Data.Sources;

namespace Decant.Data.Pictures;

/// <summary>Decodes many pictures, several at a time and in their order, and says which cannot be decoded.</summary>
/// <param name="options">What becomes of them.</param>
/// <param name="name">The source in messages.</param>
internal sealed class PictureReader(PictureSourceOptions options, string name)
{
    private const int Together = 32;
    private readonly RowFaults _faults = new(name);
    private (ImageContent Image, string Where)? _first;
    private string? _firstDamaged;
    private long _damaged;
    private long _taken;

    /// <summary>Decodes pictures.</summary>
    /// <param name="pictures">Where each is, for messages, and how its file is read; that is called from several threads.</param>
    /// <param name="take">Is given the number of a picture and what it shows, in their order; those that are left out are not given.</param>
    /// <param name="cancellationToken">Stops between pictures.</param>
    public void Read(IEnumerable<(string Where, Func<byte[]> Bytes)> pictures, Action<int, ImageContent> take, CancellationToken cancellationToken)
    {
        var number = 0;
        foreach (var some in pictures.Chunk(Together))
        {
            var decoded = new (ImageContent? Image, string? Fault)[some.Length];
            Parallel.For(0, some.Length, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, i => decoded[i] = Decode(some[i].Bytes));
            for (var i = 0; i < some.Length; i++, number++)
            {
                if ((decoded[i].Fault ?? Other(decoded[i].Image!, some[i].Where)) is { } fault) Note(some[i].Where, fault, isDamaged: decoded[i].Fault is not null);
                else take(number, decoded[i].Image!);
            }
        }
    }

    /// <summary>Throws what was found wrong and is not to be left out.</summary>
    /// <exception cref="DecantException">The pictures, the first ten by name.</exception>
    public void ThrowIfAny() => _faults.ThrowIfAny(() => _damaged > 0 ? "\nReplace what is damaged, or say 'damaged: drop' to leave such pictures out." : "");

    /// <summary>How many were left out; empty where none were.</summary>
    public IEnumerable<string> Remarks() => _firstDamaged is null ? [] :
        [string.Create(CultureInfo.InvariantCulture, $"{name}: {_damaged:N0} of {_damaged + _taken:N0} pictures could not be decoded and were left out ('damaged: drop'); the first is {_firstDamaged}.")];

    private (ImageContent? Image, string? Fault) Decode(Func<byte[]> bytes)
    {
        try
        {
            return (PictureForm.Of(bytes(), options), null);
        }
        catch (RowFaultException fault)
        {
            return (null, fault.Message);
        }
    }

    /// <summary>The fault of a picture of another size than the first, where they are not resized.</summary>
    private string? Other(ImageContent image, string where)
    {
        _taken++;
        _first ??= (image, where);
        var (first, firstWhere) = _first.Value;
        return image.Height == first.Height && image.Width == first.Width ? null
            : $"expected {first.Width} × {first.Height} pixels as in {firstWhere}, came {image.Width} × {image.Height}; say 'size: {Math.Min(first.Width, first.Height)}', the side of the square that all are resized to";
    }

    private void Note(string where, string fault, bool isDamaged)
    {
        if (isDamaged) _damaged++;
        if (!isDamaged || options.Damaged == EmptyRows.Refuse) _faults.AddAt(where, fault);
        else _firstDamaged ??= $"{where}: {fault}";
    }
}
