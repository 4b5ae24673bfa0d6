package main

import (
	"fmt"
	"strings"
)

// The chart's measures, in pixels. Its colors can be read on a light and on a dark background.
const (
	chartWidth  = 760
	nameWidth   = 150
	valueWidth  = 60
	barHeight   = 16
	barStep     = 21
	groupGap    = 34
	textColor   = "#7d8590"
	theirsColor = "#8c959f"
	oursColor   = "#2f81f7"
	lineColor   = "#d29922"
)

// drawChart draws the time until the container prints and the processor time, as bars.
func drawChart(all []scenario) string {
	c := &canvas{}
	c.draw("Seconds until the container prints", all, func(r result) float64 { return r.printed.Seconds() }, true)
	c.draw("Seconds of processor time, without the registry's", all, func(r result) float64 { return r.processor.Seconds() }, false)

	var svg strings.Builder
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" fill="%s">`+"\n",
		chartWidth, c.height+8, textColor)
	svg.WriteString(c.text.String())
	svg.WriteString("</svg>\n")
	return svg.String()
}

type canvas struct {
	text   strings.Builder
	height int
}

// draw draws one value of all contenders in all scenarios. All bars of it have one scale.
func (c *canvas) draw(title string, all []scenario, value func(result) float64, withLine bool) {
	var highest float64
	for i := range all {
		for j := range contenders {
			if v := value(all[i].medianOf(j)); v > highest {
				highest = v
			}
		}
	}
	scale := (chartWidth - nameWidth - valueWidth) / highest

	c.height += groupGap
	fmt.Fprintf(&c.text, `<text x="0" y="%d" font-size="15" font-weight="bold">%s</text>`+"\n", c.height-12, title)
	for i := range all {
		s := &all[i]
		c.height += 20
		fmt.Fprintf(&c.text, `<text x="0" y="%d" font-weight="bold">%s</text>`+"\n", c.height-6, s.name)
		top := c.height
		for j, contender := range contenders {
			color := theirsColor
			if j == len(contenders)-1 {
				color = oursColor
			}
			c.bar(contender.name, value(s.medianOf(j)), scale, color)
		}
		if ideal := s.ideal().Seconds(); withLine && ideal > 0 {
			c.mark(top, ideal*scale, fmt.Sprintf("the line alone: %.1f", ideal))
		}
		c.height += 8
	}
}

func (c *canvas) bar(name string, value, scale float64, color string) {
	baseline := c.height + barHeight - 4
	fmt.Fprintf(&c.text, `<text x="%d" y="%d" text-anchor="end">%s</text>`, nameWidth-8, baseline, name)
	fmt.Fprintf(&c.text, `<rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>`, nameWidth, c.height, value*scale, barHeight, color)
	fmt.Fprintf(&c.text, `<text x="%.1f" y="%d">%.1f</text>`+"\n", nameWidth+value*scale+6, baseline, value)
	c.height += barStep
}

// mark draws a line across the bars of a scenario.
func (c *canvas) mark(top int, offset float64, title string) {
	x := nameWidth + offset
	fmt.Fprintf(&c.text, `<path d="M%.1f %dV%d" stroke="%s" stroke-width="2" stroke-dasharray="4 3"/>`, x, top-4, c.height, lineColor)
	fmt.Fprintf(&c.text, `<text x="%.1f" y="%d" fill="%s">%s</text>`+"\n", x+6, top-6, lineColor, title)
}
