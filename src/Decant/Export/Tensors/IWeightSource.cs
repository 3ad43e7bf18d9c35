using Decant.Torch;

namespace Decant.Export.Tensors;

/// <summary>One opened file of tensors, in any format.</summary>
internal interface IWeightSource : IDisposable
{
    string Path { get; }

    /// <summary>The format's name, for people.</summary>
    string Format { get; }

    IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>What was chosen in reading it, in sentences.</summary>
    IReadOnlyList<string> Remarks { get; }

    Tensor View(string name);
}
