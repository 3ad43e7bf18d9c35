#r "nuget: ParquetSharp, 25.0.1.2"
// Writes the Parquet files of a folder with the writer of Apache Arrow (C++), by the package ParquetSharp: dotnet script parquet.csx -- parquet
using ParquetSharp;
using ParquetSharp.Schema;

var folder = Args[0];
string?[] texts = ["good film", "bad 电影", "two\nlines", "x\"y", "no label", "good film", "😀"];
long?[] labels = [1, 0, 1, 0, null, 1, 0];
float[] scores = [0.5f, 1, 2, 3, -4.25f, 4, 5];
bool?[] flags = [true, false, null, true, false, true, false];
string?[]?[] words = [["a", "b"], ["c"], ["x", "y"], ["d", "e", "f"], ["u"], ["g"], ["h"]];
long[]?[] tags = [[0, 1], [2], [0, 0], [0, 0, 0], null, [1], [2]];
byte[] image = [0x89, 0x50, 0x4E, 0x47];
const string Features = """{"info":{"features":{"text":{"dtype":"string","_type":"Value"},"label":{"names":["neg","pos"],"_type":"ClassLabel"},"tags":{"feature":{"names":["O","B-PER","I-PER"],"_type":"ClassLabel"},"_type":"Sequence"}}}}""";
var metadata = new Dictionary<string, string> { ["huggingface"] = Features };

Column[] columns =
[
    new Column<string>("text"), new Column<long?>("label"), new Column<float>("score"), new Column<bool?>("flag"),
    new Column<string[]>("words"), new Column<long[]>("tags"), new Column<long[][]>("nested"), new Column<double>("half"), new Column<int>("small"), new Column<byte[]>("bytes"),
    new Column<string>("broken"),
];

foreach (var (name, compression, version, page) in new[]
{
    ("plain", Compression.Uncompressed, ParquetVersion.PARQUET_1_0, 1), ("snappy", Compression.Snappy, ParquetVersion.PARQUET_2_6, 1), ("gzip", Compression.Gzip, ParquetVersion.PARQUET_2_6, 1),
    ("zstd", Compression.Zstd, ParquetVersion.PARQUET_2_6, 2), ("brotli", Compression.Brotli, ParquetVersion.PARQUET_2_6, 1), ("lz4", Compression.Lz4, ParquetVersion.PARQUET_2_6, 1),
})
{
    using var builder = new WriterPropertiesBuilder();
    builder.Compression(compression).Version(version);
    if (name == "plain") builder.DisableDictionary();
    using var properties = builder.Build();
    using var writer = new ParquetFileWriter(Path.Combine(folder, name + ".parquet"), columns, properties, metadata);
    for (var from = 0; from < texts.Length; from += 3)
    {
        var rows = from..Math.Min(from + 3, texts.Length);
        using var group = writer.AppendRowGroup();
        Write(group, texts[rows]);
        Write(group, labels[rows]);
        Write(group, scores[rows]);
        Write(group, flags[rows]);
        Write(group, words[rows]);
        Write(group, tags[rows]);
        Write(group, texts[rows].Select(_ => new long[][] { [1], [2] }).ToArray());
        Write(group, scores[rows].Select(s => (double)s).ToArray());
        Write(group, labels[rows].Select(l => (int)(l ?? 0)).ToArray());
        Write(group, texts[rows].Select(_ => image).ToArray());
        Write(group, texts[rows].Select(_ => (string?)null).ToArray());
    }

    writer.Close();
}

// As a data set of pictures: image is a struct of bytes and path.
using (var schema = new GroupNode("schema", Repetition.Required,
[
    new GroupNode("image", Repetition.Optional, [new PrimitiveNode("bytes", Repetition.Optional, LogicalType.None(), PhysicalType.ByteArray), new PrimitiveNode("path", Repetition.Optional, LogicalType.String(), PhysicalType.ByteArray)]),
    new PrimitiveNode("label", Repetition.Optional, LogicalType.None(), PhysicalType.Int64),
]))
using (var properties = new WriterPropertiesBuilder().Compression(Compression.Snappy).Build())
using (var writer = new ParquetFileWriter(Path.Combine(folder, "pictures.parquet"), schema, properties, new Dictionary<string, string> { ["huggingface"] = """{"info":{"features":{"image":{"_type":"Image"},"label":{"names":["cat","dog"],"_type":"ClassLabel"}}}}""" }))
{
    byte[][] pictures = [.. new[] { "colour.png", "grey.jpg" }.Select(name => Path.Combine(folder, "..", "pictures", name)).Select(File.ReadAllBytes)];
    using var group = writer.AppendRowGroup();
    using (var column = group.NextColumn().LogicalWriter<Nested<byte[]?>?>()) column.WriteBatch([.. pictures.Select(p => (Nested<byte[]?>?)new Nested<byte[]?>(p))]);
    using (var column = group.NextColumn().LogicalWriter<Nested<string?>?>()) column.WriteBatch([.. pictures.Select((_, i) => (Nested<string?>?)new Nested<string?>($"{i}.png"))]);
    using (var column = group.NextColumn().LogicalWriter<long?>()) column.WriteBatch([.. pictures.Select((_, i) => (long?)(i % 2))]);
    writer.Close();
}

static void Write<T>(RowGroupWriter group, T[] values)
{
    using var column = group.NextColumn().LogicalWriter<T>();
    column.WriteBatch(values);
}
