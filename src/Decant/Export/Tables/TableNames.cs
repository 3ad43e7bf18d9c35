namespace Decant.Export.Tables;

/// <summary>The tensors of a static model's file, as Model2Vec names them.</summary>
internal static class TableNames
{
    /// <summary>[K, D] rows.</summary>
    public const string Rows = "embeddings";

    /// <summary>The same in sentence-transformers' files.</summary>
    public const string OtherRows = "embedding.weight";

    /// <summary>[V] what a token's row is multiplied by; may be left out.</summary>
    public const string Weights = "weights";

    /// <summary>[V] the row of each token; left out, tokens and rows are one to one.</summary>
    public const string Mapping = "mapping";
}
