using System.Net;
using Decant.Runs.Reports.Cards;
using Decant.Runs.Reports.Html;
using Decant.Runs.Reports.Table;
using Decant.Runs.Reports.View;

namespace Decant.Tests.Runs.Reports;

/// <summary>What a report and a model card say of exported models.</summary>
public class ExportReportTests
{
    [Fact]
    public void The_table_has_a_column_for_every_form_and_sets_the_first_compressed_one_against_the_teacher()
    {
        var table = ExportTable.Of(new RunView(Gallery.Runs["exported"]).Exports)!;

        Assert.Equal(["Teacher, float32", "Student, float32", "Student, int8", "Student, int4 weights"], table.Columns.Select(c => c.Title));
        Assert.Equal("Student, int8 against teacher", table.RatioTitle);
        Assert.Equal("80× smaller", table.Rows.Single(r => r.Key == "bytes").Ratio);
        Assert.Equal("34× faster", table.Rows.Single(r => r.Key == "latency-1").Ratio);
        Assert.Equal("−0.20", table.Rows.Single(r => r.Key == "loss").Cells[2].Text);
        Assert.Equal("–", table.Rows.Single(r => r.Key == "same-answer").Cells[1].Text);
    }

    [Fact]
    public void The_page_has_the_table_two_pictures_and_the_files()
    {
        var html = WebUtility.HtmlDecode(ReportPage.ToHtml(Gallery.Runs["exported"]));

        Assert.Contains("<h2>As ONNX files</h2>", html);
        Assert.Contains("Quality against size", html);
        Assert.Contains("Quality against latency", html);
        Assert.Contains("student/onnx/model_quantized.onnx", html);
        Assert.DoesNotContain("As ONNX files", ReportPage.ToHtml(Gallery.Runs["quickstart"]));
    }

    [Fact]
    public void The_card_says_what_is_known_of_licences_and_what_is_not()
    {
        var card = ModelCard.Of(new RunView(Gallery.Runs["exported"]));

        Assert.Contains("teacher Apache-2.0, data not stated", card);
        Assert.Contains("pipeline_tag: text-classification", card);
        Assert.Contains("- `onnx/model_q4.onnx`: int4 weights, 410\u00A0kB", card);
    }

    [Fact]
    public void What_a_recipe_is_about_stays_text_in_the_card()
    {
        var card = ModelCard.Of(new RunView(new MadeUpRun { About = "<script>alert(1)</script>\n# heading | cell" }.ToRecord()));

        Assert.Contains("&lt;script>alert(1)&lt;/script> # heading \\| cell", card);
    }
}
