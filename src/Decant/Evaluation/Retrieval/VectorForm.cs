namespace Decant.Evaluation.Retrieval;

/// <summary>How vectors are kept for a search.</summary>
internal enum VectorForm
{
    /// <summary>4 bytes a number, compared by their cosine.</summary>
    Float32,

    /// <summary>1 byte a number, compared by their cosine.</summary>
    Int8,

    /// <summary>1 bit a number, its sign; compared by how many differ.</summary>
    Binary,
}
